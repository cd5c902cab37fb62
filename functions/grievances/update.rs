//! `PATCH /v1/dpdp/grievances/{grievanceId}`: take a grievance a step on, from
//! `submitted` to `in_review`, and from there to `resolved` or `rejected`.
//!
//! The last two need a resolution. Any other move: 409 `INVALID_TRANSITION`;
//! a state that `If-Match` does not name: 412.

use assent_shared::{
    api::{self, Answer, Call, Endpoint, Error, Fields, Method, Parsed},
    domain::{
        Thing,
        grievance::{GrievanceStatus, Resolution, Step},
        identifiers::GrievanceId,
        scope::Area,
    },
    store::{Database, Grievances},
};

const ENDPOINT: Endpoint =
    Endpoint::new(Method::Patch, "/v1/dpdp/grievances/{grievanceId}", Area::Grievances).reading_at_once(2);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), api::RuntimeError> {
    let database = Database::from_environment();
    let grievances = Grievances::new(&database);
    api::serve(ENDPOINT, &database, async |call| update(call, &grievances).await).await
}

async fn update(call: Call<'_>, grievances: &Grievances) -> Result<Answer, Error> {
    let (expected, step) = call.conditional_body(step)?;
    let grievance_id = call.path("grievanceId", GrievanceId::parse, Thing::Grievance)?;
    call.effect(
        async || grievances.update(call.actor(), grievance_id, (&step, &expected), call.occasion).await,
        |grievance| Answer::ok(&grievance.thing).tagged(&grievance.tag).personal(),
    )
    .await
}

fn step(fields: &mut Fields) -> Parsed<Step> {
    let status = fields.text("status", GrievanceStatus::parse);
    let resolution = fields.optional_text("resolution", Resolution::parse);
    Step::new(status?, resolution?).map_err(|invalid| fields.fault("resolution", invalid.0))
}
