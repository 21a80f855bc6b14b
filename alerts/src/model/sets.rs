//! The closed sets of the desk: statuses, actions, certainties, answers, roles, events, clocks.

use stream::{Queue, closed_set};

closed_set! {
    /// Where an incident stands in its life.
    Status {
        /// New: nobody has looked at it.
        Baru = "baru",
        /// A person confirmed it.
        Dikonfirmasi = "dikonfirmasi",
        /// Somebody is on it.
        Ditangani = "ditangani",
        /// Over.
        Selesai = "selesai",
        /// A person turned it down, with a reason.
        Ditolak = "ditolak",
        /// New judgements took all its posts away before anybody was told or had decided: nobody turned it down.
        Ditarik = "ditarik",
        /// Taken into another incident.
        Digabung = "digabung",
    }
}

impl Status {
    /// Whether it takes further posts and changes.
    pub fn is_open(self) -> bool {
        matches!(self, Status::Baru | Status::Dikonfirmasi | Status::Ditangani)
    }
}

closed_set! {
    /// What is done to an incident.
    Action {
        /// A person says it holds.
        Confirm = "confirm",
        /// Somebody takes it in hand: a person at the desk, or an office that is on its way.
        Handle = "handle",
        /// It is over.
        Finish = "finish",
        /// It does not hold.
        Reject = "reject",
        /// It is taken into another one.
        Merge = "merge",
    }
}

closed_set! {
    /// How sure a matter is, as messages say it.
    Certainty {
        /// One source, looked at by nobody.
        Unverified = "unverified",
        /// Two independent sources, looked at by nobody.
        TwoSources = "two_sources",
        /// A registered reporter vouches for it.
        Reporter = "reporter",
        /// A registered reporter vouches for some of its villages.
        ReporterOfSome = "reporter_of_some",
        /// One person confirmed an AWAS: SIAGA holds until a second one does.
        OneOfTwo = "one_of_two",
        /// An analyst confirmed it.
        Confirmed = "confirmed",
        /// Two persons confirmed the AWAS.
        ByTwo = "confirmed_by_two",
        /// One person confirmed the AWAS, who has called back.
        ByCall = "confirmed_by_call",
        /// The desk turned it down.
        Rejected = "rejected",
        /// New judgements took its posts away.
        Withdrawn = "withdrawn",
    }
}

impl Certainty {
    /// Its code in `alerts.certainty.*` for a matter of `queue`: what is for Bawaslu no analyst looks at.
    pub fn said(self, queue: Queue) -> &'static str {
        match (self, queue) {
            (Certainty::Reporter, Queue::Netralitas) => "reporter_bawaslu",
            (Certainty::Confirmed | Certainty::ByTwo | Certainty::ByCall, Queue::Netralitas) => {
                "confirmed_bawaslu"
            }
            (Certainty::Rejected, Queue::Netralitas) => "rejected_bawaslu",
            (certainty, _) => certainty.as_str(),
        }
    }

    /// Whether a person has looked at it and says that it holds, at whatever level.
    pub fn is_decided(self) -> bool {
        matches!(self, Certainty::OneOfTwo | Certainty::Confirmed | Certainty::ByTwo | Certainty::ByCall)
    }
}

closed_set! {
    /// What an AWAS that holds stands on (domain.md 2.3): the firmer first.
    Backing {
        /// Two persons confirmed it.
        TwoPersons = "two_persons",
        /// One person confirmed it, who has called back.
        CallBack = "call_back",
    }
}

closed_set! {
    /// What is not known yet of a matter, said in every message; texts are `alerts.unknown.*`.
    Unknown {
        /// How it goes on.
        Course = "course",
        /// Where exactly, and how it goes on.
        Spot = "spot",
        /// Whether it is true.
        Truth = "truth",
        /// Whether it is true, and where exactly.
        TruthAndSpot = "truth_and_spot",
    }
}

closed_set! {
    /// A grave fact that posts tell of; texts are `alerts.fact.*`.
    Fact {
        /// Somebody is hurt or killed.
        Korban = "korban",
        /// A blade or a firearm.
        Senjata = "senjata",
        /// Something burns.
        Api = "api",
    }
}

impl Fact {
    /// The tags of a signal that tell of it (domain.md 2.4).
    pub(crate) fn tags(self) -> &'static [&'static str] {
        match self {
            Fact::Korban => &["ada_korban"],
            Fact::Senjata => &["ada_sajam", "ada_senpi"],
            Fact::Api => &["ada_api"],
        }
    }
}

closed_set! {
    /// What an office answers.
    Answer {
        /// Knows of it.
        Tahu = "tahu",
        /// Is on the way.
        Menuju = "menuju",
        /// All quiet, or not true.
        Aman = "aman",
        /// Not its area: the matter goes back to the desk.
        BukanWilayah = "bukan_wilayah",
    }
}

impl Answer {
    /// In the order in which the page behind a link and every message offer them: who sets out needs his first.
    pub const OFFERED: [Answer; 4] = [Answer::Menuju, Answer::Tahu, Answer::Aman, Answer::BukanWilayah];
}

closed_set! {
    /// Who works at the desk.
    DeskRole {
        /// Runs the installation; reads and acts as an analyst does.
        Admin = "admin",
        /// Works on the conflict queue.
        Analis = "analis",
        /// Works on KF-14; the only role that sees it.
        Bawaslu = "bawaslu",
        /// Watches the machine: sources, health, switches.
        Ops = "ops",
    }
}

closed_set! {
    /// Why a post does not belong to the incident it stands in; texts are `alerts.apart.*`.
    Apart {
        /// It tells of something else that happened there.
        OtherEvent = "other_event",
        /// It lies elsewhere.
        OtherPlace = "other_place",
        /// It happened at another time.
        OtherTime = "other_time",
        /// It speaks of another official (KF-14).
        OtherOfficial = "other_official",
        /// It tells of no such event at all.
        NoEvent = "no_event",
    }
}

impl Apart {
    /// What is offered for a matter of `queue`.
    pub fn offered(queue: Queue) -> &'static [Apart] {
        use Apart::{NoEvent, OtherEvent, OtherOfficial, OtherPlace, OtherTime};
        match queue {
            Queue::Konflik => &[OtherEvent, OtherPlace, OtherTime, NoEvent],
            Queue::Netralitas => &[OtherOfficial, OtherEvent, OtherPlace, OtherTime, NoEvent],
        }
    }
}

closed_set! {
    /// How the place of a matter that may be the same lies; texts are `console.same.*`.
    Near {
        /// It is the same place.
        Place = "place",
        /// Both lie in one kecamatan.
        Kecamatan = "kecamatan",
        /// It lies inside the place of the other.
        Inside = "inside",
        /// It is known only to the wider region around the other.
        Around = "around",
    }
}

closed_set! {
    /// How the category of a matter that may be the same is like the other's; texts are `console.same.*`.
    Kinship {
        /// It is the same category.
        Same = "category",
        /// People tell of one event under both.
        Neighbour = "neighbour",
        /// Another category at the same place and time: one event may be read as both.
        Other = "other_category",
    }
}

closed_set! {
    /// What happened to an incident; texts are `alerts.history.*`.
    Event {
        /// It was made.
        Made = "made",
        /// A further post proposes a higher severity.
        Raised = "raised",
        /// Its posts name different places: it stands for the region that holds them.
        Widened = "widened",
        /// A post was judged anew after somebody was told.
        Rejudged = "rejudged",
        /// A backtest put judgements of another lexicon in place of earlier ones.
        Backtested = "backtested",
        /// A post was judged anew, and stands in other incidents by that.
        Moved = "moved",
        /// A post was judged anew, and stands in no incident of this queue by that.
        Dropped = "dropped",
        /// New judgements took all its posts away.
        Withdrawn = "withdrawn",
        /// What remained of it fell apart.
        Split = "split",
        /// A person took a post out of it.
        Parted = "parted",
        /// It was made of a post that a person took out of another one.
        PartedFrom = "parted_from",
        /// It was taken into another one.
        Merged = "merged",
        /// It took another one in.
        Absorbed = "absorbed",
        /// A person confirmed it.
        Confirmed = "confirmed",
        /// AWAS waits for a second person.
        WaitsForSecond = "waits_for_second",
        /// A person called back.
        CalledBack = "called_back",
        /// A person turned it down.
        Rejected = "rejected",
        /// Somebody is on it.
        Handled = "handled",
        /// It is over.
        Finished = "finished",
        /// A person set its place.
        Place = "place",
        /// Offices were told.
        Told = "told",
        /// Nobody could be told.
        NotTold = "not_told",
        /// An office answered.
        Answered = "answered",
        /// A registered reporter said that all is calm there.
        Calm = "calm",
        /// An office said it is not its area.
        Returned = "returned",
        /// Bawaslu released it.
        Released = "released",
        /// An author was revealed.
        Revealed = "revealed",
    }
}

closed_set! {
    /// A clock that runs on an incident; texts are `alerts.clock.*`.
    Timer {
        /// Nobody has decided: it goes out as not verified.
        Unconfirmed = "unconfirmed",
        /// Silent lines climb.
        Climb = "climb",
        /// Silent offices are told once more.
        Repeat = "repeat",
        /// The desk is called again, since nobody has decided.
        Desk = "desk",
    }
}
