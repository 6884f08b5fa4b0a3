//! A form as a page shows it: its fields with what was typed into them and what is wrong with it.

use session_runtime::Form;

/// One field, and what the browser is to know of it.
pub(super) struct Spec {
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    /// Type of the `input`, or `textarea`.
    pub(super) kind: &'static str,
    pub(super) autocomplete: &'static str,
}

/// What `sheet.html` shows.
pub(super) struct Sheet {
    pub(super) action: String,
    pub(super) fields: Vec<Field>,
    /// What is wrong with the form as a whole.
    pub(super) general: Vec<String>,
    pub(super) button: &'static str,
}

pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    pub(super) kind: &'static str,
    pub(super) autocomplete: &'static str,
    pub(super) value: String,
    pub(super) error: Option<String>,
}

impl Sheet {
    /// The form as the last refusal left it; empty if there was none. What is secret is never left.
    pub(super) fn of(form: &Form<'_>, path: &str, specs: &[Spec], button: &'static str) -> Self {
        let (old, errors) = (form.old_input(), form.errors());
        let field = |spec: &Spec| Field {
            name: spec.name,
            label: spec.label,
            kind: spec.kind,
            autocomplete: spec.autocomplete,
            value: old.text(spec.name),
            error: errors.first(spec.name).map(str::to_owned),
        };
        Self {
            action: form.action(path).to_string(),
            fields: specs.iter().map(field).collect(),
            general: errors.general().to_vec(),
            button,
        }
    }
}
