//! How grave a signal is proposed to be: the level by eval/GUIDE.md's list, then up, then down, each step with its reason.

use lexicons::Range;
use lexicons::calendar::ElectionDay;
use stream::{ActHit, Category, Level, Part, Place, Severity, Span, Step};

use crate::heard::Heard;
use crate::held::Held;

/// The level of a category before anything else is known (domain.md 2.4).
pub(crate) fn default_of(category: Category) -> Severity {
    match category {
        Category::Kf01 | Category::Kf04 | Category::Kf08 => Severity::Siaga,
        Category::Kf10 | Category::Kf11 | Category::Kf14 => Severity::Normal,
        _ => Severity::Waspada,
    }
}

/// From the level of the rules to the level proposed, step by step.
pub(crate) fn steps<'a>(
    heard: &Heard<'a>,
    category: Category,
    held: &[Held<'a>],
    place: &Place,
    acts: &[ActHit],
) -> Vec<Step> {
    let part = held.first().map_or(Part::Text, |held| held.part);
    let scene = Scene { heard, part, category, held };
    let base = held.iter().map(|held| held.rule.severity.unwrap_or_else(|| default_of(category))).max();
    let base = base.unwrap_or_else(|| default_of(category));
    let mut steps = vec![Step { to: base, why: "default".to_owned(), span: None }];
    let mut level = base;
    let mut step = |to: Severity, why: &str, span: Option<Span>| {
        if to != level {
            level = to;
            steps.push(Step { to, why: why.to_owned(), span });
        }
        level
    };
    let mut now = base;
    if let Some((to, why, span)) = scene.by_elements(place).filter(|(to, ..)| *to > base) {
        now = step(to, why, span);
    }
    let state_power = acts.iter().any(|act| act.act.is_state_power());
    if state_power && now < Severity::Waspada {
        now = step(Severity::Waspada, "state_power", None);
    }
    let day = heard.lexicon.calendar().day(heard.post.event_time(), place.code.as_ref(), place.zone);
    if let Some((to, why)) = scene.up(now, day.as_ref(), place) {
        now = step(to, why, None);
    }
    if let Some((why, span)) = scene.down() {
        // A rumour of violence or of burnt boxes is a lead, however grave what it tells, and never less than one.
        let rumour = matches!(category, Category::Kf01 | Category::Kf04);
        let to = if rumour { now.min(Severity::Waspada) } else { now.down() };
        now = step(to, why, span);
    }
    if heard.is_machine_read(part) {
        step(now.min(Severity::Waspada), "machine_read", None);
    }
    steps
}

struct Scene<'h, 'a> {
    heard: &'h Heard<'a>,
    part: Part,
    category: Category,
    held: &'h [Held<'a>],
}

type Raised = (Severity, &'static str, Option<Span>);

impl Scene<'_, '_> {
    fn first(&self, sets: &[&str]) -> Option<Span> {
        self.heard.first(self.part, sets)
    }

    fn has(&self, sets: &[&str]) -> bool {
        self.first(sets).is_some()
    }

    /// The level that persons hurt, weapons, fire, blockades and plans give.
    fn by_elements(&self, place: &Place) -> Option<Raised> {
        use Category as C;
        if self.category == C::Kf10 {
            // What is only asked after is not spread.
            if self.has(&["doubted"]) && !self.has(&["spread_call"]) {
                return None;
            }
            let sets = ["spread_call", "stay_away", "spread_strong"];
            return self.first(&sets).map(|span| (Severity::Waspada, "spread", Some(span)));
        }
        if matches!(self.category, C::Kf05 | C::Kf06 | C::Kf07 | C::Kf10 | C::Kf14) {
            return self.blocked_or_held();
        }
        self.to_awas().or_else(|| self.to_siaga(place)).or_else(|| {
            let span = self.first(&["serial"]).filter(|_| self.category == C::Kf11)?;
            Some((Severity::Waspada, "serial", Some(span)))
        })
    }

    fn blocked_or_held(&self) -> Option<Raised> {
        let held = matches!(self.category, Category::Kf06 | Category::Kf07);
        let span = self.first(&["held_people"]).filter(|_| held)?;
        Some((Severity::Siaga, "held", Some(span)))
    }

    fn to_awas(&self) -> Option<Raised> {
        use Category as C;
        let violence =
            ["weapon_act", "beat", "fight", "stone", "attack_v", "weapon_sharp", "kill", "fire_deed"];
        let threat = matches!(self.category, C::Kf02 | C::Kf09);
        let hurt = || self.heard.affirmed(self.part, "grave_victim");
        if let Some(hurt) = (!threat && self.has(&violence)).then(hurt).flatten() {
            return Some((Severity::Awas, "victim", Some(self.heard.span(self.part, hurt))));
        }
        if let Some(span) =
            self.first(&["weapon_act"]).filter(|_| !threat && self.has(&["crowd", "camp", "ongoing"]))
        {
            return Some((Severity::Awas, "weapon_used", Some(span)));
        }
        let burnt = matches!(self.category, C::Kf01 | C::Kf04 | C::Kf12 | C::Kf13);
        let burns = burnt && self.has(&["home_person", "office_elect", "ballot_hard", "tps_only"]);
        if let Some(fire) = burns.then(|| self.heard.done(self.part, "burn_v")).flatten() {
            return Some((Severity::Awas, "fire", Some(self.heard.span(self.part, fire))));
        }
        let group = matches!(self.category, C::Kf01 | C::Kf04) && self.has(&["group_many"]);
        if let Some(span) = self
            .first(&["attack_done"])
            .filter(|_| group && self.has(&["home_person", "office_elect", "tps_only", "ballot_hard"]))
        {
            return Some((Severity::Awas, "group_attack", Some(span)));
        }
        let call = self.category == C::Kf02 && self.has(&["call_strong"]) && self.has(&["future_time"]);
        let arms = self.first(&["blade_or_fire", "burn_v"]).filter(|_| call);
        arms.filter(|_| self.has(&["office_elect", "home_person", "crowd_out", "organiser"]))
            .map(|span| (Severity::Awas, "call_armed", Some(span)))
    }

    fn to_siaga(&self, place: &Place) -> Option<Raised> {
        use Category as C;
        if matches!(self.category, C::Kf03 | C::Kf12 | C::Kf13 | C::Kf09 | C::Kf11) {
            if let Some(span) = self.first(&["block_v"]).filter(|_| self.category != C::Kf11) {
                return Some((Severity::Siaga, "blocked", Some(span)));
            }
            if let Some(span) = self
                .first(&["weapon_sharp"])
                .filter(|_| self.category != C::Kf03 && self.has(&["carry", "crowd"]))
            {
                return Some((Severity::Siaga, "weapon_carried", Some(span)));
            }
            if let Some(span) = self.first(&["fight_hard", "stone", "beat"]) {
                return Some((Severity::Siaga, "violence", Some(span)));
            }
        }
        let planned =
            place.code.is_some() || self.has(&["future_time", "deadline", "office_elect", "place_pointed"]);
        // Hatred weighs more once it names where or when people are to be driven out or shunned.
        let driven_out = self.category == C::Kf09 && self.has(&["expel", "shun_strong"]);
        if (self.category == C::Kf02 || driven_out) && planned {
            return Some((Severity::Siaga, "plan", self.first(&["future_time", "deadline", "office_elect"])));
        }
        let meet = self.category == C::Kf03
            && self.has(&["future_time"])
            && self.has(&["threat", "attack_v", "block_v", "damage_hint"]);
        meet.then(|| (Severity::Siaga, "plan", self.first(&["future_time"])))
    }

    /// One step up, at most to SIAGA.
    fn up(
        &self,
        now: Severity,
        day: Option<&ElectionDay>,
        place: &Place,
    ) -> Option<(Severity, &'static str)> {
        use Category as C;
        let raised = now.up(Severity::Siaga);
        // "besok nyoblos" tells the eve where no calendar knows it; "seminggu lagi" tells that it is none.
        if self.category == C::Kf05 && self.has(&["eve_words"]) && !self.has(&["far_words"]) {
            return Some((now.max(Severity::Siaga), "voting_eve"));
        }
        if let Some(day) = day {
            if self.category == C::Kf05 && day.is_eve_or_voting() && !self.has(&["far_words"]) {
                return Some((now.max(Severity::Siaga), "voting_eve"));
            }
            if self.category == C::Kf10 {
                let postponed = self.has(&["postponed"]) && day.is_eve_or_voting();
                return postponed.then(|| (now.max(Severity::Siaga), "voting_eve"));
            }
            if self.category == C::Kf14 && day.is_quiet_to_after() {
                return Some((raised, "quiet_days"));
            }
            let demand = self.category == C::Kf06
                && !self.has(&["fraud_act", "double_vote", "seal_break", "witness_block"]);
            if day.is_near_voting() && !demand {
                return Some((raised, "near_voting"));
            }
            if matches!(self.category, C::Kf01 | C::Kf02 | C::Kf03 | C::Kf04 | C::Kf05 | C::Kf06)
                && self.at_recap(day, place)
            {
                return Some((raised, "recapitulation"));
            }
        }
        self.heard.post.verified_reporter().then_some((raised, "field_note"))
    }

    /// Whether the act is at or about the recapitulation of a level on that level's days.
    fn at_recap(&self, day: &ElectionDay, _place: &Place) -> bool {
        let about = |set: &str| self.has(&[set]);
        day.recaps.iter().any(|level| match level {
            Level::Kecamatan => about("recap_kecamatan") || about("recap_any"),
            Level::Kabupaten => about("recap_kabupaten") || about("recap_any"),
            Level::Provinsi => about("recap_provinsi"),
            Level::Desa => false,
        })
    }

    /// Why it counts one step less, if it does.
    fn down(&self) -> Option<(&'static str, Option<Span>)> {
        // A false claim is passed on as hearsay by its nature: that lowers nothing.
        if matches!(self.category, Category::Kf10 | Category::Kf14) || self.has(&["document_shown"]) {
            return None;
        }
        let said = self.heard.hits(self.part, "hearsay").into_iter().find(|said| self.beside_deed(*said))?;
        Some(("hearsay", Some(self.heard.span(self.part, said))))
    }

    /// Whether words stand in a sentence of what was found: what is hearsay elsewhere in the text is another matter.
    fn beside_deed(&self, words: Range) -> bool {
        let Some(reading) = self.heard.reading(self.part) else { return false };
        let tokens = reading.folded.tokens();
        let sentence = |at: usize| tokens.get(at).map(|token| token.sentence);
        let extents = self.held.iter().filter_map(|held| held.found.extent);
        let mut spans = extents.map(|found| sentence(found.start)..=sentence(found.end.saturating_sub(1)));
        spans.any(|span| span.contains(&sentence(words.start)))
    }
}
