"""The five calls, and the calls that they depend on, by the generated Python client."""

import datetime
import os
from typing import TYPE_CHECKING, TypeVar

from assent import AuthenticatedClient
from assent.api.consent_catalog import create_consent_type, update_consent_type_version
from assent.api.consent_events import create_consent_events
from assent.api.consent_notices import create_consent_notice
from assent.api.consent_records import create_consent_record, withdraw_consent_record
from assent.api.dpdp_sessions import create_dpdp_session, update_dpdp_session
from assent.api.grants import create_grant
from assent.api.projects import create_project
from assent.models import (
    ConsentAction,
    ConsentEventDraft,
    ConsentState,
    ConsentType,
    ConsentTypeKind,
    ConsentTypeVersion,
    CreateConsentEvents,
    CreateConsentNotice,
    CreateConsentRecord,
    CreateConsentType,
    CreateDpdpSession,
    CreatedConsentEvents,
    CreatedConsentRecord,
    CreateGrant,
    CreateProject,
    DpdpSession,
    Error,
    GivenPurpose,
    Grant,
    GrievanceOfficer,
    Metadata,
    NoticePurpose,
    Project,
    RegisteredConsentNotice,
    TypeEntry,
    UpdateConsentTypeVersion,
    UpdateDpdpSession,
    WithdrawConsentRecord,
    Withdrawal,
)

BASE_URL, API_KEY = os.environ["BASE_URL"], os.environ["API_KEY"]
bearer = AuthenticatedClient(BASE_URL, API_KEY)
catalog = AuthenticatedClient(BASE_URL, API_KEY, prefix="", auth_header_name="X-API-Key")

Expected = TypeVar("Expected")


def expect(kind: type[Expected], answer: object) -> Expected:
    if not isinstance(answer, kind):
        raise SystemExit(f"expected {kind.__name__}, and the answer is {answer}")
    return answer


# 1. Register a version of a notice.
analytics = "Usage analytics for service improvement"
notice = CreateConsentNotice(
    notice_id="python-client",
    version="1.0",
    title="Data Processing Consent Notice",
    content="We collect and process your data for the following purposes...",
    purposes=[NoticePurpose("analytics", analytics)],
    grievance_officer=GrievanceOfficer("Grievance Officer", "grievance@example.com"),
)
registered = expect(RegisteredConsentNotice, create_consent_notice.sync(client=bearer, body=notice))
assert registered.language == "en"
again = expect(Error, create_consent_notice.sync(client=bearer, body=notice))
assert (again.status_code, again.code) == (409, "CONFLICT")

# 2. Withdraw a consent.
grant = expect(Grant, create_grant.sync(client=bearer, body=CreateGrant("user-1042", ["analytics:read"])))
consent = CreateConsentRecord(
    grant_id=grant.grant_id,
    data_principal_id="user-1042",
    purposes=[GivenPurpose("analytics", analytics)],
    consent_notice_id=registered.notice_id,
    processing_expires_at=datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=365),
)
record = expect(CreatedConsentRecord, create_consent_record.sync(client=bearer, body=consent))
reason = WithdrawConsentRecord("No longer wish to share data for analytics", revoke_grant=True)
withdrawn = expect(Withdrawal, withdraw_consent_record.sync(record.record_id, client=bearer, body=reason))
assert withdrawn.grant_revoked and not withdrawn.data_deleted

# 3. Change the purposes of a DPDP session.
session = expect(DpdpSession, create_dpdp_session.sync(client=bearer, body=CreateDpdpSession()))
metadata = Metadata()
metadata["channel"] = "web"
change = UpdateDpdpSession(session.session_id, consented_purposes=["analytics"], metadata=metadata)
changed = expect(DpdpSession, update_dpdp_session.sync(client=bearer, body=change))
assert changed.consented_purposes == ["analytics"]
assert changed.metadata.to_dict() == {"channel": "web"}
if TYPE_CHECKING:
    UpdateDpdpSession(consented_purposes=["analytics"])  # type: ignore[call-arg]

# 4. Edit a version of a consent type.
policy = CreateConsentType(
    type_=ConsentTypeKind.PRIVACYPOLICY,
    title="Privacy policy",
    type_entry=TypeEntry("https://example.com/policy-v1"),
)
consent_type = expect(ConsentType, create_consent_type.sync(client=catalog, body=policy))
edit = UpdateConsentTypeVersion(url="https://example.com/updated-policy-v1.1")
edited = expect(
    ConsentTypeVersion,
    update_consent_type_version.sync(consent_type.id, consent_type.latest_version, client=catalog, body=edit),
)
assert (edited.url, edited.is_used) == (edit.url, False)

# 5. Record what a visitor agreed to.
project = expect(Project, create_project.sync(client=bearer, body=CreateProject("Web shop")))
agreed = ConsentEventDraft(ConsentState.ACCEPTED, ConsentAction.USER_CLICK, consent_type=consent_type.id)
events = expect(
    CreatedConsentEvents,
    create_consent_events.sync(project.id, client=catalog, body=CreateConsentEvents([agreed])),
)
assert [event.consent_state for event in events.items] == [ConsentState.ACCEPTED]
