//! What the stories about concurrency stand on here: the memory driver.

use super::world::World;

pub(crate) type Stage = World;

pub(crate) fn stage() -> Stage {
    World::new()
}

/// How many records are stored.
pub(crate) fn records(world: &Stage) -> usize {
    world.records()
}
