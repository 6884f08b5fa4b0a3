//! How long sessions live: by what was chosen for them, by what keeps them alive, and what is said when they are over.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed step is a failed story")]

mod lives {
    mod expired;
    mod passive;
    mod remembered;
}
