//! What a slot's setters accept for a value of its type.

/// Something that stands for a `T`: the value itself, a reference to it, `&str` for a `String`, and the bare value for
/// an `Option`. Sealed.
///
/// ```
/// # use session_runtime::Slot;
/// # fn example(views: &Slot<'_, u64>, name: &Slot<'_, String>, nick: &Slot<'_, Option<String>>)
/// #     -> Result<(), session_runtime::SessionError> {
/// views.set(5)?;
/// name.set("Ada")?;
/// nick.set("ada")?;
/// nick.set(None)?;
/// # Ok(())
/// # }
/// ```
pub trait IntoValue<T>: sealed::With<T> {}

impl<T, V: sealed::With<T>> IntoValue<T> for V {}

pub(super) mod sealed {
    #[expect(unnameable_types, reason = "a sealed trait is out of reach on purpose")]
    pub trait With<T> {
        /// Calls `use_it` with the value that this stands for.
        fn with<R>(self, use_it: impl FnOnce(&T) -> R) -> R;
    }

    impl<T> With<T> for T {
        fn with<R>(self, use_it: impl FnOnce(&T) -> R) -> R {
            use_it(&self)
        }
    }

    impl<T> With<T> for &T {
        fn with<R>(self, use_it: impl FnOnce(&T) -> R) -> R {
            use_it(self)
        }
    }

    impl With<String> for &str {
        fn with<R>(self, use_it: impl FnOnce(&String) -> R) -> R {
            use_it(&self.to_owned())
        }
    }

    impl<T> With<Option<T>> for T {
        fn with<R>(self, use_it: impl FnOnce(&Option<T>) -> R) -> R {
            use_it(&Some(self))
        }
    }

    impl<T: Clone> With<Option<T>> for &T {
        fn with<R>(self, use_it: impl FnOnce(&Option<T>) -> R) -> R {
            use_it(&Some(self.clone()))
        }
    }

    impl With<Option<String>> for &str {
        fn with<R>(self, use_it: impl FnOnce(&Option<String>) -> R) -> R {
            use_it(&Some(self.to_owned()))
        }
    }
}
