//! What a commit does about the secret that its request came with.

use crate::random::RandomError;
use crate::record::{Commit, Confirmation, Rotation};
use crate::state::SecretDue;
use crate::token::{Token, Verifier};

use super::step::Situation;

/// Has the commit do what is due on the secret; the token that opens the session then.
pub(super) fn see_to_secret(
    due: SecretDue,
    token: Token,
    commit: &mut Commit,
    situation: &Situation<'_>,
) -> Result<Token, RandomError> {
    let grace = situation.policy.renewal_grace;
    match due {
        SecretDue::Confirmation(verifier) => {
            commit.session_mut().presented = Some(Confirmation { verifier, grace });
            Ok(token)
        }
        SecretDue::Renewal(current) => {
            let verifier = Verifier::random(situation.random)?;
            let renews = Some(current);
            commit.session_mut().rotation =
                Some(Rotation { verifier: verifier.hash(), grace, csrf_key: None, renews });
            Ok(Token::new(token.selector(), verifier))
        }
    }
}
