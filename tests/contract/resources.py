"""Creates one resource of each kind, so that not all requests name unknown resources.

Prints schemathesis.toml with its variables filled in.
"""

import datetime
import json
import os
import pathlib
import string
import urllib.request

BASE_URL, API_KEY = os.environ["BASE_URL"], os.environ["API_KEY"]
EXPIRY = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=365)).isoformat()
NOTICE = {"noticeId": "contract", "version": "1", "purposes": [{"code": "analytics", "description": "Usage analytics"}]}


def post(path, body, **headers):
    key = {"X-API-Key": API_KEY} if path.startswith("/open-api") else {"Authorization": f"Bearer {API_KEY}"}
    headers = {"Content-Type": "application/json", **(headers or key)}
    request = urllib.request.Request(BASE_URL + path, json.dumps(body).encode() if body is not None else b"", headers, method="POST")
    with urllib.request.urlopen(request, timeout=30) as response:
        return json.load(response)


def consent(principal):
    grant = post("/v1/grants", {"principalId": principal, "scopes": ["profile:read"]})["grantId"]
    record = {
        "grantId": grant,
        "dataPrincipalId": principal,
        "purposes": NOTICE["purposes"],
        "consentNoticeId": NOTICE["noticeId"],
        "processingExpiresAt": EXPIRY,
    }
    return grant, post("/v1/dpdp/consent-records", record)["recordId"]


notice = post("/v1/dpdp/consent-notices", {"title": "Notice", "content": "We ask.", **NOTICE})["id"]
post("/v1/dpdp/consent-notices", {"title": "Notice", "content": "We ask.", **NOTICE, "version": "2", "status": "draft"})
grant, record = consent("contract")
consent("erased")
erasure = post("/v1/dpdp/data-principals/erased/erasure", None)["requestId"]
period = {"type": "dpdp-audit", "dateFrom": "2026-01-01", "dateTo": "2099-01-01"}
export = post("/v1/dpdp/exports", period)["exportId"]
session = post("/api/v1/compliance/dpdp/session", {})["sessionId"]

catalog = "/open-api/v1/consent-catalog"
entry = {"type": "customPolicy", "title": "Policy", "typeEntry": {"url": "https://example.com/policy"}}
edited, agreed = post(catalog, entry)["id"], post(catalog, entry)["id"]

project = post("/v1/projects", {"name": "Contract"})["id"]
site = f"/site-v1/{project}"
token = post(f"{site}/sessions", {"ttlSeconds": 86400})["sessionToken"]
item = {"consentType": agreed, "consentState": "accepted", "consentAction": "user_click"}
event = post(f"{site}/consent-events", {"items": [item]}, **{"X-Session": token})["items"][0]["id"]

webhook = {"kind": "webhook", "url": "https://hooks.example/"}
processor = {"name": "Mail", "role": "processor", "purposes": ["*"], "delivery": webhook}
recipient = post("/v1/recipients", processor)["id"]

with urllib.request.urlopen(
    urllib.request.Request(
        f"{BASE_URL}/v1/dpdp/consent-records/{record}/audit", headers={"Authorization": f"Bearer {API_KEY}"}
    ),
    timeout=30,
) as response:
    given = json.load(response)["entries"][0]["details"]["eventId"]

complaint = {"dataPrincipalId": "contract", "type": "access", "description": "No answer."}
grievance = post("/v1/dpdp/grievances", complaint)["grievanceId"]

configuration = string.Template(pathlib.Path(__file__).with_name("schemathesis.toml").read_text())
print(
    configuration.substitute(
        API_KEY=API_KEY,
        CONSENT_TYPE_ID=edited,
        DPDP_SESSION_ID=session,
        ERASURE_ID=erasure,
        EVENT_ID=event,
        FEED_EVENT_ID=given,
        EXPORT_ID=export,
        GRANT_ID=grant,
        GRIEVANCE_ID=grievance,
        NOTICE_VERSION_ID=notice,
        PROJECT_ID=project,
        RECIPIENT_ID=recipient,
        RECORD_ID=record,
        SITE_SESSION=token,
    )
)
