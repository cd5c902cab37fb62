//! `GET /v1/dpdp/grievances/{grievanceId}`: a grievance, all of it.

use assent_shared::{
    api::{self, Answer, Call, Endpoint, Error, Method},
    domain::{Thing, identifiers::GrievanceId, scope::Area},
    store::{Database, Grievances},
};

const ENDPOINT: Endpoint = Endpoint::new(Method::Get, "/v1/dpdp/grievances/{grievanceId}", Area::Grievances);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), api::RuntimeError> {
    let database = Database::from_environment();
    let grievances = Grievances::new(&database);
    api::serve(ENDPOINT, &database, async |call| get(call, &grievances).await).await
}

async fn get(call: Call<'_>, grievances: &Grievances) -> Result<Answer, Error> {
    let grievance_id = call.path("grievanceId", GrievanceId::parse, Thing::Grievance)?;
    let grievance = grievances.get(call.tenant(), grievance_id).await?;
    Ok(Answer::ok(&grievance.thing).tagged(&grievance.tag))
}
