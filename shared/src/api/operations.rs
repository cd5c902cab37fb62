//! The operations of the API, generated from openapi.yaml by `cargo xtask generate`.

use crate::{
    api::operation::{Audience, Input, Method, Operation},
    domain::scope::{Access, Area, Scope},
};

/// `GET /v1/dpdp/consent-notices`
pub const LIST_CONSENT_NOTICES: Operation = Operation {
    id: "list-consent-notices",
    method: Method::Get,
    route: "/v1/dpdp/consent-notices",
    scope: Some(Scope { area: Area::Notices, access: Access::Read }),
    audience: Audience::Everyone,
    input: Input::Query,
};

/// `POST /v1/dpdp/consent-notices`
pub const CREATE_CONSENT_NOTICE: Operation = Operation {
    id: "create-consent-notice",
    method: Method::Post,
    route: "/v1/dpdp/consent-notices",
    scope: Some(Scope { area: Area::Notices, access: Access::Write }),
    audience: Audience::Everyone,
    input: Input::Body,
};

/// `GET /v1/dpdp/consent-notices/{noticeId}`
pub const GET_CONSENT_NOTICE: Operation = Operation {
    id: "get-consent-notice",
    method: Method::Get,
    route: "/v1/dpdp/consent-notices/{noticeId}",
    scope: Some(Scope { area: Area::Notices, access: Access::Read }),
    audience: Audience::Everyone,
    input: Input::Query,
};

/// `GET /v1/dpdp/consent-records`
pub const LIST_CONSENT_RECORDS: Operation = Operation {
    id: "list-consent-records",
    method: Method::Get,
    route: "/v1/dpdp/consent-records",
    scope: Some(Scope { area: Area::Records, access: Access::Read }),
    audience: Audience::Everyone,
    input: Input::Query,
};

/// `POST /v1/dpdp/consent-records`
pub const CREATE_CONSENT_RECORD: Operation = Operation {
    id: "create-consent-record",
    method: Method::Post,
    route: "/v1/dpdp/consent-records",
    scope: Some(Scope { area: Area::Records, access: Access::Write }),
    audience: Audience::Everyone,
    input: Input::Body,
};

/// `GET /v1/dpdp/consent-records/{recordId}`
pub const GET_CONSENT_RECORD: Operation = Operation {
    id: "get-consent-record",
    method: Method::Get,
    route: "/v1/dpdp/consent-records/{recordId}",
    scope: Some(Scope { area: Area::Records, access: Access::Read }),
    audience: Audience::Everyone,
    input: Input::Nothing,
};

/// `POST /v1/dpdp/consent-records/{recordId}/withdraw`
pub const WITHDRAW_CONSENT_RECORD: Operation = Operation {
    id: "withdraw-consent-record",
    method: Method::Post,
    route: "/v1/dpdp/consent-records/{recordId}/withdraw",
    scope: Some(Scope { area: Area::Records, access: Access::Write }),
    audience: Audience::Everyone,
    input: Input::Body,
};

/// `GET /v1/dpdp/consent-records/{recordId}/audit`
pub const GET_CONSENT_RECORD_AUDIT: Operation = Operation {
    id: "get-consent-record-audit",
    method: Method::Get,
    route: "/v1/dpdp/consent-records/{recordId}/audit",
    scope: Some(Scope { area: Area::Records, access: Access::Read }),
    audience: Audience::Everyone,
    input: Input::Query,
};

/// `GET /v1/dpdp/consent-records/{recordId}/receipt`
pub const GET_CONSENT_RECEIPT: Operation = Operation {
    id: "get-consent-receipt",
    method: Method::Get,
    route: "/v1/dpdp/consent-records/{recordId}/receipt",
    scope: Some(Scope { area: Area::Records, access: Access::Read }),
    audience: Audience::Everyone,
    input: Input::Nothing,
};

/// `GET /v1/dpdp/data-principals/{principalId}/records`
pub const LIST_DATA_PRINCIPAL_RECORDS: Operation = Operation {
    id: "list-data-principal-records",
    method: Method::Get,
    route: "/v1/dpdp/data-principals/{principalId}/records",
    scope: Some(Scope { area: Area::Principals, access: Access::Read }),
    audience: Audience::Everyone,
    input: Input::Query,
};

/// `POST /v1/dpdp/data-principals/{principalId}/erasure`
pub const ERASE_DATA_PRINCIPAL: Operation = Operation {
    id: "erase-data-principal",
    method: Method::Post,
    route: "/v1/dpdp/data-principals/{principalId}/erasure",
    scope: Some(Scope { area: Area::Principals, access: Access::Write }),
    audience: Audience::Everyone,
    input: Input::Nothing,
};

/// `GET /v1/dpdp/erasure-requests/{requestId}`
pub const GET_ERASURE_REQUEST: Operation = Operation {
    id: "get-erasure-request",
    method: Method::Get,
    route: "/v1/dpdp/erasure-requests/{requestId}",
    scope: Some(Scope { area: Area::Principals, access: Access::Read }),
    audience: Audience::Everyone,
    input: Input::Nothing,
};

/// `GET /v1/dpdp/grievances`
pub const LIST_GRIEVANCES: Operation = Operation {
    id: "list-grievances",
    method: Method::Get,
    route: "/v1/dpdp/grievances",
    scope: Some(Scope { area: Area::Grievances, access: Access::Read }),
    audience: Audience::Everyone,
    input: Input::Query,
};

/// `POST /v1/dpdp/grievances`
pub const CREATE_GRIEVANCE: Operation = Operation {
    id: "create-grievance",
    method: Method::Post,
    route: "/v1/dpdp/grievances",
    scope: Some(Scope { area: Area::Grievances, access: Access::Write }),
    audience: Audience::Everyone,
    input: Input::Body,
};

/// `GET /v1/dpdp/grievances/{grievanceId}`
pub const GET_GRIEVANCE: Operation = Operation {
    id: "get-grievance",
    method: Method::Get,
    route: "/v1/dpdp/grievances/{grievanceId}",
    scope: Some(Scope { area: Area::Grievances, access: Access::Read }),
    audience: Audience::Everyone,
    input: Input::Nothing,
};

/// `PATCH /v1/dpdp/grievances/{grievanceId}`
pub const UPDATE_GRIEVANCE: Operation = Operation {
    id: "update-grievance",
    method: Method::Patch,
    route: "/v1/dpdp/grievances/{grievanceId}",
    scope: Some(Scope { area: Area::Grievances, access: Access::Write }),
    audience: Audience::Everyone,
    input: Input::Body,
};

/// `POST /v1/dpdp/exports`
pub const CREATE_EXPORT: Operation = Operation {
    id: "create-export",
    method: Method::Post,
    route: "/v1/dpdp/exports",
    scope: Some(Scope { area: Area::Exports, access: Access::Write }),
    audience: Audience::Everyone,
    input: Input::Body,
};

/// `GET /v1/dpdp/exports/{exportId}`
pub const GET_EXPORT: Operation = Operation {
    id: "get-export",
    method: Method::Get,
    route: "/v1/dpdp/exports/{exportId}",
    scope: Some(Scope { area: Area::Exports, access: Access::Read }),
    audience: Audience::Everyone,
    input: Input::Query,
};

/// `GET /v1/grants`
pub const LIST_GRANTS: Operation = Operation {
    id: "list-grants",
    method: Method::Get,
    route: "/v1/grants",
    scope: Some(Scope { area: Area::Grants, access: Access::Read }),
    audience: Audience::Everyone,
    input: Input::Query,
};

/// `POST /v1/grants`
pub const CREATE_GRANT: Operation = Operation {
    id: "create-grant",
    method: Method::Post,
    route: "/v1/grants",
    scope: Some(Scope { area: Area::Grants, access: Access::Write }),
    audience: Audience::Everyone,
    input: Input::Body,
};

/// `GET /v1/grants/{grantId}`
pub const GET_GRANT: Operation = Operation {
    id: "get-grant",
    method: Method::Get,
    route: "/v1/grants/{grantId}",
    scope: Some(Scope { area: Area::Grants, access: Access::Read }),
    audience: Audience::Everyone,
    input: Input::Nothing,
};

/// `DELETE /v1/grants/{grantId}`
pub const REVOKE_GRANT: Operation = Operation {
    id: "revoke-grant",
    method: Method::Delete,
    route: "/v1/grants/{grantId}",
    scope: Some(Scope { area: Area::Grants, access: Access::Write }),
    audience: Audience::Everyone,
    input: Input::Nothing,
};

/// `GET /v1/projects`
pub const LIST_PROJECTS: Operation = Operation {
    id: "list-projects",
    method: Method::Get,
    route: "/v1/projects",
    scope: Some(Scope { area: Area::Projects, access: Access::Read }),
    audience: Audience::Everyone,
    input: Input::Query,
};

/// `POST /v1/projects`
pub const CREATE_PROJECT: Operation = Operation {
    id: "create-project",
    method: Method::Post,
    route: "/v1/projects",
    scope: Some(Scope { area: Area::Projects, access: Access::Write }),
    audience: Audience::Everyone,
    input: Input::Body,
};

/// `POST /api/v1/compliance/dpdp/session`
pub const CREATE_DPDP_SESSION: Operation = Operation {
    id: "create-dpdp-session",
    method: Method::Post,
    route: "/api/v1/compliance/dpdp/session",
    scope: Some(Scope { area: Area::Sessions, access: Access::Write }),
    audience: Audience::Everyone,
    input: Input::Body,
};

/// `PATCH /api/v1/compliance/dpdp/session`
pub const UPDATE_DPDP_SESSION: Operation = Operation {
    id: "update-dpdp-session",
    method: Method::Patch,
    route: "/api/v1/compliance/dpdp/session",
    scope: Some(Scope { area: Area::Sessions, access: Access::Write }),
    audience: Audience::Everyone,
    input: Input::Body,
};

/// `GET /api/v1/compliance/dpdp/session/{sessionId}`
pub const GET_DPDP_SESSION: Operation = Operation {
    id: "get-dpdp-session",
    method: Method::Get,
    route: "/api/v1/compliance/dpdp/session/{sessionId}",
    scope: Some(Scope { area: Area::Sessions, access: Access::Read }),
    audience: Audience::Everyone,
    input: Input::Nothing,
};

/// `GET /open-api/v1/consent-catalog`
pub const LIST_CONSENT_TYPES: Operation = Operation {
    id: "list-consent-types",
    method: Method::Get,
    route: "/open-api/v1/consent-catalog",
    scope: Some(Scope { area: Area::Catalog, access: Access::Read }),
    audience: Audience::Everyone,
    input: Input::Query,
};

/// `POST /open-api/v1/consent-catalog`
pub const CREATE_CONSENT_TYPE: Operation = Operation {
    id: "create-consent-type",
    method: Method::Post,
    route: "/open-api/v1/consent-catalog",
    scope: Some(Scope { area: Area::Catalog, access: Access::Write }),
    audience: Audience::Everyone,
    input: Input::Body,
};

/// `GET /open-api/v1/consent-catalog/{consentCatalogId}`
pub const GET_CONSENT_TYPE: Operation = Operation {
    id: "get-consent-type",
    method: Method::Get,
    route: "/open-api/v1/consent-catalog/{consentCatalogId}",
    scope: Some(Scope { area: Area::Catalog, access: Access::Read }),
    audience: Audience::Everyone,
    input: Input::Nothing,
};

/// `PATCH /open-api/v1/consent-catalog/{consentCatalogId}`
pub const UPDATE_CONSENT_TYPE: Operation = Operation {
    id: "update-consent-type",
    method: Method::Patch,
    route: "/open-api/v1/consent-catalog/{consentCatalogId}",
    scope: Some(Scope { area: Area::Catalog, access: Access::Write }),
    audience: Audience::Everyone,
    input: Input::Body,
};

/// `DELETE /open-api/v1/consent-catalog/{consentCatalogId}`
pub const DELETE_CONSENT_TYPE: Operation = Operation {
    id: "delete-consent-type",
    method: Method::Delete,
    route: "/open-api/v1/consent-catalog/{consentCatalogId}",
    scope: Some(Scope { area: Area::Catalog, access: Access::Write }),
    audience: Audience::Everyone,
    input: Input::Nothing,
};

/// `POST /open-api/v1/consent-catalog/{consentCatalogId}/version`
pub const CREATE_CONSENT_TYPE_VERSION: Operation = Operation {
    id: "create-consent-type-version",
    method: Method::Post,
    route: "/open-api/v1/consent-catalog/{consentCatalogId}/version",
    scope: Some(Scope { area: Area::Catalog, access: Access::Write }),
    audience: Audience::Everyone,
    input: Input::Body,
};

/// `GET /open-api/v1/consent-catalog/{consentCatalogId}/version/{versionEntry}`
pub const GET_CONSENT_TYPE_VERSION: Operation = Operation {
    id: "get-consent-type-version",
    method: Method::Get,
    route: "/open-api/v1/consent-catalog/{consentCatalogId}/version/{versionEntry}",
    scope: Some(Scope { area: Area::Catalog, access: Access::Read }),
    audience: Audience::Everyone,
    input: Input::Nothing,
};

/// `PATCH /open-api/v1/consent-catalog/{consentCatalogId}/version/{versionEntry}`
pub const UPDATE_CONSENT_TYPE_VERSION: Operation = Operation {
    id: "update-consent-type-version",
    method: Method::Patch,
    route: "/open-api/v1/consent-catalog/{consentCatalogId}/version/{versionEntry}",
    scope: Some(Scope { area: Area::Catalog, access: Access::Write }),
    audience: Audience::Everyone,
    input: Input::Body,
};

/// `POST /site-v1/{projectId}/sessions`
pub const CREATE_SITE_SESSION: Operation = Operation {
    id: "create-site-session",
    method: Method::Post,
    route: "/site-v1/{projectId}/sessions",
    scope: Some(Scope { area: Area::Events, access: Access::Write }),
    audience: Audience::Keys,
    input: Input::Body,
};

/// `GET /site-v1/{projectId}/consent-events`
pub const LIST_CONSENT_EVENTS: Operation = Operation {
    id: "list-consent-events",
    method: Method::Get,
    route: "/site-v1/{projectId}/consent-events",
    scope: Some(Scope { area: Area::Events, access: Access::Read }),
    audience: Audience::EndUsers,
    input: Input::Query,
};

/// `POST /site-v1/{projectId}/consent-events`
pub const CREATE_CONSENT_EVENTS: Operation = Operation {
    id: "create-consent-events",
    method: Method::Post,
    route: "/site-v1/{projectId}/consent-events",
    scope: Some(Scope { area: Area::Events, access: Access::Write }),
    audience: Audience::Everyone,
    input: Input::Body,
};

/// `GET /site-v1/{projectId}/consent-events/{id}`
pub const GET_CONSENT_EVENT: Operation = Operation {
    id: "get-consent-event",
    method: Method::Get,
    route: "/site-v1/{projectId}/consent-events/{id}",
    scope: Some(Scope { area: Area::Events, access: Access::Read }),
    audience: Audience::EndUsers,
    input: Input::Nothing,
};

/// `GET /site-v1/{projectId}/consent-state`
pub const GET_CONSENT_STATE: Operation = Operation {
    id: "get-consent-state",
    method: Method::Get,
    route: "/site-v1/{projectId}/consent-state",
    scope: Some(Scope { area: Area::Events, access: Access::Read }),
    audience: Audience::EndUsers,
    input: Input::Query,
};

/// `GET /health`
pub const HEALTH: Operation = Operation {
    id: "health",
    method: Method::Get,
    route: "/health",
    scope: None,
    audience: Audience::Open,
    input: Input::Nothing,
};

/// `GET /openapi.json`
pub const OPENAPI: Operation = Operation {
    id: "openapi",
    method: Method::Get,
    route: "/openapi.json",
    scope: None,
    audience: Audience::Open,
    input: Input::Nothing,
};

/// `GET /.well-known/jwks.json`
pub const JWKS: Operation = Operation {
    id: "jwks",
    method: Method::Get,
    route: "/.well-known/jwks.json",
    scope: None,
    audience: Audience::Open,
    input: Input::Nothing,
};
