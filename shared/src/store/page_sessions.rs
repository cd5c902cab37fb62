//! Page sessions. Links and sessions are found by the hashes of their tokens, and their contents
//! are sealed under the tokens. A form that was sent leaves its nonce, so that it takes effect once.

use crate::{
    domain::{
        DomainError, RequestContext, Tenant, Timestamp,
        page_session::{FormNonce, PageSession, PageToken},
    },
    store::{Database, Error, UnitOfWork, change::Change, database::Removal, key::Key},
};
use serde::{Deserialize, Serialize};

/// The seconds for which the nonce of a form is kept: longer than any session in which it could be sent again.
const FORM_SECONDS: u32 = 24 * 60 * 60;
/// The sort keys of links and of sessions, with which their contents are sealed.
const LINK: &str = "link";
const SESSION: &str = "session";

/// The page sessions.
#[derive(Clone)]
pub struct PageSessions {
    database: Database,
    table: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct SealedItem {
    sealed: String,
    #[serde(flatten)]
    removal: Removal,
}

impl PageSessions {
    /// The table that `PAGE_SESSIONS_TABLE` names.
    pub fn new(database: &Database) -> Self {
        Self { database: database.clone(), table: database.table("PAGE_SESSIONS_TABLE") }
    }

    /// Creates a link. Returns its token, which is stored nowhere.
    pub async fn create_link(&self, session: &PageSession, context: &RequestContext) -> Result<PageToken, Error> {
        let mut unit = UnitOfWork::new(context);
        let token = self.create(&mut unit, LINK, session)?;
        unit.commit(&self.database).await?;
        Ok(token)
    }

    /// A link that can still be opened.
    pub async fn link(&self, token: &PageToken, now: Timestamp) -> Result<Option<PageSession>, Error> {
        self.find(LINK, token, now).await
    }

    /// Opens a link: it can be used no more, and its session begins. Of two who open it, one succeeds; for the other it
    /// is a [`DomainError::LinkUsed`]. Returns the token of the session, which ends at the given moment.
    pub async fn open(
        &self,
        link: &PageToken,
        session: &PageSession,
        context: &RequestContext,
    ) -> Result<PageToken, Error> {
        let mut unit = UnitOfWork::new(context);
        unit.delete(&self.table, Change::of(key(LINK, link)), DomainError::LinkUsed);
        let token = self.create(&mut unit, SESSION, session)?;
        unit.commit(&self.database).await?;
        Ok(token)
    }

    /// A session that has not ended.
    pub async fn session(&self, token: &PageToken, now: Timestamp) -> Result<Option<PageSession>, Error> {
        self.find(SESSION, token, now).await
    }

    /// Takes a form, which can be sent once: the second time it is a [`DomainError::FormTaken`].
    pub fn take_form(&self, unit: &mut UnitOfWork, tenant: Tenant, nonce: &FormNonce) -> Result<(), Error> {
        let key = Key::of_tenant(tenant, &["form", &nonce.text()], &["form"]);
        let removal = Removal::after(unit.context().now.plus_seconds(FORM_SECONDS));
        unit.create(&self.table, &key, &removal, DomainError::FormTaken)?;
        Ok(())
    }

    fn create(&self, unit: &mut UnitOfWork, kind: &str, session: &PageSession) -> Result<PageToken, Error> {
        let unsealed = || Error::Internal("a page session could not be sealed".to_owned());
        let token = PageToken::fresh(unit.context());
        let content = serde_json::to_vec(session).map_err(|_| unsealed())?;
        let sealed = token.key().and_then(|key| key.seal(&content, kind.as_bytes(), unit.context()));
        let item = SealedItem { sealed: sealed.ok_or_else(unsealed)?, removal: Removal::after(session.expires_at) };
        unit.create_new(&self.table, &key(kind, &token), &item)?;
        Ok(token)
    }

    async fn find(&self, kind: &str, token: &PageToken, now: Timestamp) -> Result<Option<PageSession>, Error> {
        let Some(item) = self.database.get::<SealedItem>(&self.table, &key(kind, token)).await? else {
            return Ok(None);
        };
        let content = token.key().and_then(|key| key.open(&item.sealed, kind.as_bytes()));
        let content = content.ok_or_else(|| Error::Internal("a page session cannot be opened".to_owned()))?;
        let session: PageSession =
            serde_json::from_slice(&content).map_err(|error| Error::Internal(error.to_string()))?;
        Ok(Some(session).filter(|session| session.is_good_at(now)))
    }
}

/// The key of a link or a session, which leads to its tenant.
fn key(kind: &str, token: &PageToken) -> Key {
    Key::of_no_tenant(&[&token.hash()], &[kind])
}
