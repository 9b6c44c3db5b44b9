//! The words everything else is said in: data only, no behaviour that needs the outside.
//!
//! | file | owns |
//! |---|---|
//! | `names` | identifiers as PostgreSQL folds them, ids of relations and columns |
//! | `privacy` | purpose, data category, lawful basis |
//! | `fragment` | SQL of rule files |
//! | `ruling` | actions and masks, conditions on a person, the decision for each site |
//! | `limits` | cells of people that aggregates are made of; quotas |
//! | `access` | who asks, for what, under which session settings; the stamp |
//! | `claims` | what a purpose token says |
//! | `listed` | lists of people |
//! | `usage` | what a statement does to which columns |
//! | `refusal` | why a client is refused, in PostgreSQL's own terms |
//! | `record` | the audit record |
//! | `person` | the id of a person, however it is written |

pub mod access;
pub mod claims;
pub mod fragment;
pub mod limits;
pub mod listed;
pub mod names;
pub mod person;
pub mod privacy;
pub mod record;
pub mod refusal;
pub mod ruling;
pub mod usage;
