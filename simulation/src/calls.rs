//! Recorded calls, in the form in which they can be made for any person of any tenant.

/// Whose a partition key is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// Only calls for the same person use it.
    Person,
    /// All calls of the tenant use it.
    Tenant,
    /// It is one shard of a list of the tenant.
    List,
}

/// What a call of the database consumes of an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Touch {
    /// The table.
    pub table: String,
    /// The partition key, without what differs between persons and shards. For a person's own, a number instead.
    pub partition: String,
    /// Whose the partition key is.
    pub owner: Owner,
    /// Which of the items of the person, or of the tenant, it is.
    pub item: u64,
    /// Halves of read units.
    pub read_halves: u64,
    /// Halves of write units.
    pub write_halves: u64,
}

/// A call of the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Whether it is a transaction, which holds its items for some time.
    pub transaction: bool,
    /// Whether it writes.
    pub writes: bool,
    /// What it consumes.
    pub touches: Vec<Touch>,
}

/// A call of the API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The function, and the special case where the call is one.
    pub name: String,
    /// Its calls of the database, in their order.
    pub steps: Vec<Step>,
}

impl Call {
    /// Whether API Gateway makes it of itself.
    pub fn is_of_authorizer(&self) -> bool {
        self.name.starts_with("authorizer")
    }
}
