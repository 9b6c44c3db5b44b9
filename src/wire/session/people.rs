//! Whose rows a statement touches: the ids that parameters hold, hashed when they are bound. No
//! value is kept.

use super::state::{Encoding, Session};
use crate::judge::{Argument, Asked, Persons};
use crate::model::person::PersonId;
use crate::model::record::PeoplePart;
use crate::wire::frontend::BindParameters;
use crate::wire::statements::Prepared;
use crate::wire::world::World;

impl Session {
    /// The people that a `Bind` names; `None`: its statement is not recorded, or names nobody by a
    /// parameter. `values` is `None` where they are still on their way: then it is anybody.
    pub(super) fn people_bound(
        &self,
        prepared: &Prepared,
        values: Option<&[u8]>,
        world: &dyn World,
    ) -> Option<PeoplePart> {
        let judged = prepared.work.judged().filter(|judged| judged.record.is_some())?;
        let persons = judged.persons.as_ref().filter(|persons| persons.has_parameters())?;
        let bound = values.and_then(|values| BindParameters::read(values).ok());
        let parameter = |number: u16, asked: Asked| {
            let bound = bound.as_ref()?;
            let takes = asked.kind.takes(declared(&prepared.types, number), asked.list);
            // NULL is nobody.
            let Some(value) = bound.value(number)? else { return Some(Vec::new()) };
            match bound.is_binary(number) {
                true if !takes => None,
                true if asked.list => asked.kind.list(value, true),
                true => Some(vec![asked.kind.from_binary(value)?]),
                false if self.encoding != Encoding::Utf8 && !value.is_ascii() => None,
                false => asked.read(std::str::from_utf8(value).ok()?),
            }
        };
        Some(persons.read(&parameter, &|id: &PersonId| world.subject_hash(id)))
    }
}

/// The people that a text names, by itself or by the arguments of an EXECUTE.
pub fn named(persons: &Persons, arguments: &[Argument], world: &dyn World) -> PeoplePart {
    let parameter =
        |number: u16, asked: Asked| match arguments.get(usize::from(number).checked_sub(1)?)? {
            Argument::Text(text) => asked.read(text),
            Argument::Unknown => None,
        };
    persons.read(&parameter, &|id: &PersonId| world.subject_hash(id))
}

/// The type a client gave parameter `number`, from 1; 0: none.
fn declared(types: &[u8], number: u16) -> u32 {
    let at = 2 + (usize::from(number).saturating_sub(1)) * 4;
    let bytes = types.get(at..at + 4).and_then(|bytes| <[u8; 4]>::try_from(bytes).ok());
    bytes.map_or(0, u32::from_be_bytes)
}
