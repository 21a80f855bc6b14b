//! How far the lines have come: whom each has been told through, who answered, and what an answer speaks for.

use std::collections::BTreeSet;

use stream::{Level, RegionCode, Role};

use super::offices::{Line, line};
use crate::Office;
use crate::model::lies_inside;

/// How far the lines have come when a step of the climb is due.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Offices told so far.
    pub told: BTreeSet<Office>,
    /// Offices whose answer holds.
    pub answered: BTreeSet<Office>,
    /// Offices that have answered on the matter, also before it was as grave as it is now.
    pub spoke: BTreeSet<Office>,
}

impl Progress {
    /// The lines in which an office was told.
    pub fn asked(&self) -> BTreeSet<Line> {
        self.told.iter().map(|office| line(office.role)).collect()
    }

    /// Whether an answer speaks for `office`: its own, or that of an office of its line whose area holds its own. The
    /// Babinsa of one village says nothing of the next one.
    pub fn speaks_for(&self, office: &Office) -> bool {
        let same = |answered: &&Office| line(answered.role) == line(office.role);
        self.answered.iter().filter(same).any(|answered| answered.region.contains(&office.region))
    }

    /// Whether `line` has answered on a matter in `place`: answers speak for every lowest office that the line was told
    /// through there.
    pub fn has_answered(&self, own: Line, place: &RegionCode) -> bool {
        let there = |office: &&Office| line(office.role) == own && office.concerns(place);
        let there: Vec<&Office> = self.told.union(&self.answered).filter(there).collect();
        let lowest =
            |office: &&&Office| !there.iter().any(|other| lies_inside(&other.region, &office.region));
        let mut lowest = there.iter().filter(lowest).peekable();
        lowest.peek().is_some() && lowest.all(|office| self.speaks_for(office))
    }

    /// The offices that were told of a matter in `place` and that nothing speaks for, in the lines that are silent; none
    /// where it does not lie any more.
    pub fn silent(&self, place: &RegionCode) -> BTreeSet<Office> {
        let silent = |office: &&Office| {
            office.concerns(place) && !self.has_answered(line(office.role), place) && !self.speaks_for(office)
        };
        self.told.iter().filter(silent).cloned().collect()
    }

    /// Whose silence on a matter in `place` brings it to `office`, as the remark of its message: the roles asked in its
    /// own line that nothing speaks for, for a coordinator or a line that was not asked yet those of every silent one,
    /// each with its village where several villages were asked (`BABINSA@35.19.08.2011`). Who has answered at a lower
    /// level is not called silent: where nobody else is, `~` stands before those. `+` and its line when all that were
    /// asked have answered.
    pub fn silence(&self, office: &Office, place: &RegionCode) -> String {
        let own = line(office.role);
        let in_question = |told: &Office| !self.asked().contains(&own) || line(told.role) == own;
        let silent = self.silent(place);
        let is_village = |region: &RegionCode| region.level() == Level::Desa;
        let villages: BTreeSet<&RegionCode> =
            self.told.iter().map(|told| &told.region).filter(|region| is_village(region)).collect();
        let named = |told: &Office| {
            (told.role, (villages.len() > 1 && is_village(&told.region)).then(|| told.region.clone()))
        };
        let (spoke, silent): (BTreeSet<&Office>, BTreeSet<&Office>) =
            silent.iter().filter(|told| in_question(told)).partition(|told| self.spoke.contains(*told));
        let (sign, asked) = if silent.is_empty() { ("~", spoke) } else { ("", silent) };
        let asked: BTreeSet<(Role, Option<RegionCode>)> = asked.into_iter().map(named).collect();
        let named = |(role, village): (Role, Option<RegionCode>)| match village {
            Some(village) => format!("{role}@{village}"),
            None => role.to_string(),
        };
        let asked: Vec<String> = asked.into_iter().map(named).collect();
        if asked.is_empty() { format!("+{own}") } else { format!("{sign}{}", asked.join(" ")) }
    }
}

#[cfg(test)]
mod tests {
    use stream::Role::{Babinsa, Dandim, Danramil, Kades};

    use super::*;

    fn office(role: Role, region: &str) -> Office {
        Office::new(role, RegionCode::parse(region).unwrap())
    }

    fn progress(told: &[(Role, &str)], answered: &[(Role, &str)]) -> Progress {
        let offices = |of: &[(Role, &str)]| of.iter().map(|(role, region)| office(*role, region)).collect();
        Progress { told: offices(told), answered: offices(answered), spoke: BTreeSet::new() }
    }

    #[test]
    fn whoever_answered_before_it_was_graver_is_not_called_silent() {
        let place = RegionCode::parse("35.19.08.2011").unwrap();
        let asked = [(Kades, "35.19.08.2011"), (Babinsa, "35.19.08.2011")];
        let bupati = office(stream::Role::Bupati, "35.19");
        let mut graver = progress(&asked, &[]);
        let kesbangpol = office(stream::Role::Kesbangpol, "35.19");
        assert_eq!(graver.silence(&kesbangpol, &place), "KADES BABINSA");
        graver.spoke.insert(office(Babinsa, "35.19.08.2011"));
        assert_eq!(graver.silence(&kesbangpol, &place), "KADES");
        graver.spoke.insert(office(Kades, "35.19.08.2011"));
        assert_eq!(graver.silence(&bupati, &place), "~KADES");
    }

    #[test]
    fn the_answer_of_one_village_says_nothing_of_the_next_and_that_of_the_kecamatan_speaks_for_both() {
        let kecamatan = RegionCode::parse("35.19.08").unwrap();
        let [a, b] = [(Babinsa, "35.19.08.2011"), (Babinsa, "35.19.08.2003")];
        let done = |told: &[(Role, &str)], answered: &[(Role, &str)]| {
            progress(told, answered).has_answered(Line::Tni, &kecamatan)
        };
        assert!(!done(&[], &[]) && !done(&[a, b], &[]));
        assert!(!done(&[a, b], &[a]) && done(&[a, b], &[a, b]));
        assert!(done(&[a, b, (Danramil, "35.19.08")], &[(Danramil, "35.19.08")]));
        assert!(done(&[a, (Danramil, "35.19.08"), (Dandim, "35.19")], &[a]), "one village, any answer");
        assert!(!done(&[a, b], &[(Kades, "35.19.08.2011"), a]), "another line says nothing of this one");
        let half = progress(&[a, b, (Danramil, "35.19.08")], &[a]);
        assert_eq!(half.silent(&kecamatan), progress(&[b, (Danramil, "35.19.08")], &[]).told);
    }

    #[test]
    fn an_office_where_the_matter_no_longer_lies_neither_answers_for_its_place_nor_holds_its_line_up() {
        let place = RegionCode::parse("62.10.02.1001").unwrap();
        let [old, new] = [(Babinsa, "35.19.08.2011"), (Babinsa, "62.10.02.1001")];
        assert!(!progress(&[old, new], &[old]).has_answered(Line::Tni, &place));
        assert!(progress(&[old, new], &[new]).has_answered(Line::Tni, &place));
        assert!(progress(&[old, new], &[new]).silent(&place).is_empty());
        assert_eq!(
            progress(&[old, new], &[]).silent(&place),
            progress(&[new], &[]).told,
            "it is not reminded"
        );
    }
}
