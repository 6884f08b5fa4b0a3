//! The faults, of those that stores of sessions were seen to have.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// `apply` files a record where none is (CVE-2025-46336).
    Upserts,
    /// `create` replaces what is there.
    CreateOverwrites,
    /// `load` answers records that have expired.
    LoadsExpired,
    /// An expired record keeps its place.
    KeepsExpired,
    /// A touch of an expired record makes it live again.
    TouchRevives,
    /// A commit is applied whatever epoch it was loaded under.
    IgnoresEpoch,
    /// The changes in front of a refused one are applied.
    AppliesHalf,
    /// An addition is read, computed and written in three steps.
    AddsInSteps,
    /// Every commit is: the whole record is read, computed, and written over whatever is there by then.
    Rewrites,
    /// An addition goes through floating point.
    AddsAsFloat,
    /// A swap replaces whatever is there.
    SwapsBlindly,
    /// A commit writes back every field as it was loaded, and so undoes what others wrote.
    DropsForeignFields,
    /// Consuming one entry of flash consumes all of them.
    ConsumesAllFlash,
    /// A touch may lower the idle deadline.
    TouchLowers,
    /// `destroy` does not ask whose the record is.
    DestroysAnyones,
    /// A login is not entered in the index.
    ForgetsLogins,
    /// `revoke_all` leaves the generation as it was.
    KeepsGeneration,
    /// `revoke_all` destroys the excepted session, too.
    RevokesExcepted,
    /// `sweep` removes all there is to remove.
    SweepsEverything,
    /// Keys are compared without regard to case.
    FoldsKeys,
    /// The limit of size is not looked at.
    IgnoresLimit,
    /// A removal leaves an empty record behind.
    KeepsEmptied,
    /// What is written while a call is given up is written all the same, long after.
    WritesLate,
    /// The fields of a commit are written one after the other.
    AppliesFieldByField,
    /// A call that is given up leaves its lock behind.
    StaysLocked,
    /// A record is filed first, and its fields after that.
    CreatesInSteps,
    /// A login is entered in the index after it was stored.
    IndexesLate,
    /// A session is taken out of the index before it is destroyed.
    UnlistsFirst,
    /// Whoever lists takes out what has no record of his yet.
    CleansYoung,
    /// Looks whether there is a record, then destroys it.
    DestroysInSteps,
    /// Counts the sessions, then ends them.
    RevokesInSteps,
    /// Counts the expired records, then removes them.
    SweepsInSteps,
    /// A session that was emptied is not remembered.
    ForgetsEmptied,
    /// What was destroyed is remembered for good.
    NeverForgets,
    /// A commit from before the record was created is refused.
    RefusesPast,
    /// A deadline at the end of time is one in the past.
    WrapsDeadlines,
    /// Sessions that have expired count as revoked.
    CountsExpired,
    /// After a revocation, logins of the same principal are not listed.
    ShunsRevoked,
    /// What cannot be read counts as absent.
    DamagedIsAbsent,
    /// What cannot be read is replaced.
    ReplacesDamaged,
    /// The error for what cannot be read repeats it.
    RepeatsDamaged,
    /// A sweep removes what cannot be read.
    SweepsDamaged,
    /// A sweep fails at what cannot be read.
    SweepStopsAtDamaged,
    /// A revocation fails at what cannot be read.
    RevokeStopsAtDamaged,
    /// A list with a session that cannot be read is empty.
    DamageHidesOthers,
    /// For want of room, a record that grows is lost.
    LosesWhatGrows,
    /// For want of room, sessions with a principal go.
    EvictsOwned,
    /// Without room nothing can be destroyed.
    EndsNothingWhenFull,
    /// The index is not there after a restart.
    RestartLosesIndex,
    /// Generations begin anew with a restart.
    RestartForgetsGenerations,
    /// What was destroyed is there again after a restart.
    RestartRevives,
    /// The class of a field is not stored with it.
    ForgetsClass,
    /// A replaced verifier is forgotten at once.
    ForgetsVerifier,
    /// Every login counts as a proof of identity.
    DatesLogins,
    /// Values are read and written anew.
    WritesJsonAnew,
    /// Keys are cut at 255 bytes.
    CutsKeys,
    /// A commit is judged by the clock of the store.
    JudgesByItsClock,
    /// Every commit numbers its flash from zero.
    NumbersFlashAnew,
    /// Sums are answered in the order of their keys.
    SortsSums,
    /// Flash is put first, then consumed.
    ConsumesAfterPut,
    /// A record without fields goes, whatever else it has.
    EmptiesWithoutFields,
    /// A null is no number.
    RefusesNull,
    /// What is no number counts as zero.
    AddsToAnything,
    /// Floats are kept to one digit.
    RoundsFloats,
    /// `clear` empties what the commit itself has written.
    ClearsLast,
    /// What is over the limit cannot be changed.
    LimitsEverything,
    /// A commit has a bounded number of changes.
    BoundsCommits,
    /// Flash of a new record is not filed.
    FilesNoFlash,
    /// Whoever wants to sign in is admitted.
    AdmitsEveryone,
    /// A session that signs in again counts twice.
    CountsItself,
    /// Destroyed sessions take room.
    CountsTheDead,
    /// An admission tells no generation.
    AdmitsWithoutGeneration,
    /// The newest logins are the ones too many.
    NamesNewest,
    /// A crowd is told without the generation.
    CrowdWithoutGeneration,
    /// What is known of the device is gone with the next write.
    ForgetsDevices,
    /// Everybody is listed for anybody.
    ListsEveryone,
    /// A session is listed once for each login.
    ListsTwice,
    /// A session is listed until the deadline that it began with.
    ListsUntilFirstDeadline,
    /// A revocation ends sessions that have changed hands since.
    RevokesFormer,
    /// The generation is raised after everything was destroyed.
    RaisesLate,
    /// Flash does not know how long it waits.
    ForgetsHowLong,
    /// The key of forms ends with its first zero.
    CutsCsrfKey,
    /// Stores what the commit makes of the record that its request has seen.
    OverwritesWithSeen,
    /// Refuses what does not apply to the record that the request has seen.
    BelievesSeen,
    /// A rotation leaves the key of forms as it is.
    KeepsCsrfKey,
    /// Every rotation replaces the key of forms.
    ReplacesCsrfKey,
    /// `destroy` says that it has done so.
    DestroysNothing,
    /// A renewal of a verifier that is no more is stored.
    RenewsLate,
    /// A renewal raises the epoch.
    RaisesWithRenewals,
    /// Of a refused renewal everything beside it is stored.
    KeepsRestOfRenewals,
    /// One retired verifier is remembered.
    ForgetsRetired,
    /// Each confirmation begins the grace anew.
    MovesConfirmations,
    /// A change of privilege leaves the renewals before it.
    KeepsRenewals,
    /// A login does not move the absolute deadline.
    KeepsDeadlines,
    /// What is said of a session's life is not stored.
    ForgetsLifetimes,
    /// It is not noted when a session was seen.
    ForgetsSeen,
    /// Whatever is not there has expired.
    CallsAllExpired,
}

/// The moment between two steps, in which others come in.
pub(crate) async fn interlude() {
    for _ in 0..8 {
        tokio::task::yield_now().await;
    }
}
