//! The conformance kit on the drivers of this workspace, and the proof that it catches drivers that are broken.

mod conformance {
    mod broken;
    mod broken_apply;
    mod broken_limits;
    mod broken_lists;
    mod broken_renewals;
    mod broken_values;
    mod caught;
    mod drivers;
    mod fault;
    mod simple;
}
