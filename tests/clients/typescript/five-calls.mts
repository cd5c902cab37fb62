// The five calls, and the calls that they depend on, by openapi-fetch with the generated types.

import createClient from "openapi-fetch";
import type { paths } from "./schema.js";

declare const process: { env: { BASE_URL: string; API_KEY: string } };
const { BASE_URL: baseUrl, API_KEY: key } = process.env;
const bearer = createClient<paths>({ baseUrl, headers: { Authorization: `Bearer ${key}` } });
const catalog = createClient<paths>({ baseUrl, headers: { "X-API-Key": key } });

function expect<T>(answer: { data?: T; error?: unknown }): T {
  if (answer.data === undefined) throw new Error(`not what was expected: ${JSON.stringify(answer.error)}`);
  return answer.data;
}

function assert(condition: boolean): asserts condition {
  if (!condition) throw new Error("not what was expected");
}

// 1. Register a version of a notice.
const analytics = { code: "analytics", description: "Usage analytics for service improvement" };
const notice = {
  noticeId: "typescript-client",
  version: "1.0",
  title: "Data Processing Consent Notice",
  content: "We collect and process your data for the following purposes...",
  purposes: [analytics],
  grievanceOfficer: { name: "Grievance Officer", email: "grievance@example.com" },
};
const registered = expect(await bearer.POST("/v1/dpdp/consent-notices", { body: notice }));
assert(registered.language === "en");
const { error: again } = await bearer.POST("/v1/dpdp/consent-notices", { body: notice });
assert(again?.statusCode === 409 && again.code === "CONFLICT");

// 2. Withdraw a consent.
const grant = expect(await bearer.POST("/v1/grants", { body: { principalId: "user-1042", scopes: ["analytics:read"] } }));
const record = expect(
  await bearer.POST("/v1/dpdp/consent-records", {
    body: {
      grantId: grant.grantId,
      dataPrincipalId: "user-1042",
      purposes: [analytics],
      consentNoticeId: registered.noticeId,
      processingExpiresAt: new Date(Date.now() + 365 * 86_400_000).toISOString(),
    },
  }),
);
const withdrawn = expect(
  await bearer.POST("/v1/dpdp/consent-records/{recordId}/withdraw", {
    params: { path: { recordId: record.recordId } },
    body: { reason: "No longer wish to share data for analytics", revokeGrant: true },
  }),
);
assert(withdrawn.grantRevoked && !withdrawn.dataDeleted);

// 3. Change the purposes of a DPDP session.
const sessions = "/api/v1/compliance/dpdp/session";
const { sessionId } = expect(await bearer.POST(sessions, { body: {} }));
const change = { consentedPurposes: ["analytics"], metadata: { channel: "web" } };
const changed = expect(await bearer.PATCH(sessions, { body: { sessionId, ...change } }));
assert(JSON.stringify(changed.consentedPurposes) === '["analytics"]' && changed.metadata["channel"] === "web");
// @ts-expect-error: sessionId is missing
const { error: nameless } = await bearer.PATCH(sessions, { body: change });
assert(nameless?.details?.[0]?.field === "sessionId");

// 4. Edit a version of a consent type.
const consentType = expect(
  await catalog.POST("/open-api/v1/consent-catalog", {
    body: { type: "privacyPolicy", title: "Privacy policy", typeEntry: { url: "https://example.com/policy-v1" } },
  }),
);
const url = "https://example.com/updated-policy-v1.1";
const edited = expect(
  await catalog.PATCH("/open-api/v1/consent-catalog/{consentCatalogId}/version/{versionEntry}", {
    params: { path: { consentCatalogId: consentType.id, versionEntry: consentType.latestVersion } },
    body: { url },
  }),
);
assert(edited.url === url && !edited.isUsed);

// 5. Record what a visitor agreed to.
const project = expect(await bearer.POST("/v1/projects", { body: { name: "Web shop" } }));
const events = expect(
  await catalog.POST("/site-v1/{projectId}/consent-events", {
    params: { path: { projectId: project.id } },
    body: { items: [{ consentType: consentType.id, consentState: "accepted", consentAction: "user_click" }] },
  }),
);
assert(events.count === 1 && events.items[0]?.consentState === "accepted");
