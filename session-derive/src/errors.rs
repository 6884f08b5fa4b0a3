//! Takes every mistake as it is found; gives them back as one error that rustc shows as many.

/// Mistakes found so far. A reader pushes and goes on, so that the user sees all of them at once.
///
/// Must be ended with [`Errors::finish`]: mistakes that nobody reads would make a wrong schema compile.
#[derive(Debug, Default)]
pub(crate) struct Errors {
    found: Vec<syn::Error>,
    finished: bool,
}

impl Errors {
    pub(crate) fn push(&mut self, error: syn::Error) {
        self.found.push(error);
    }

    pub(crate) fn finish(mut self) -> syn::Result<()> {
        self.finished = true;
        let folded = std::mem::take(&mut self.found).into_iter().reduce(|mut all, next| {
            all.combine(next);
            all
        });
        folded.map_or(Ok(()), Err)
    }
}

impl Drop for Errors {
    fn drop(&mut self) {
        debug_assert!(
            self.finished || std::thread::panicking(),
            "mistakes were collected and never reported"
        );
    }
}

#[cfg(test)]
mod tests {
    use super::Errors;
    use proc_macro2::Span;

    #[test]
    fn without_a_mistake_all_is_well() {
        assert!(Errors::default().finish().is_ok());
    }

    #[test]
    fn every_mistake_is_kept_in_order() {
        let mut errors = Errors::default();
        errors.push(syn::Error::new(Span::call_site(), "first"));
        errors.push(syn::Error::new(Span::call_site(), "second"));
        let texts = errors
            .finish()
            .map_or_else(|all| all.into_iter().map(|error| error.to_string()).collect(), |()| Vec::new());
        assert_eq!(texts, ["first", "second"]);
    }

    #[test]
    #[should_panic(expected = "never reported")]
    #[cfg(debug_assertions)]
    fn dropping_unread_mistakes_is_a_bug() {
        drop(Errors::default());
    }
}
