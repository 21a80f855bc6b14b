//! The closed sets of the field: queues, categories, severities, subject classes, acts, roles (domain.md 1.1, 2.3, 2.4, 3.1).

use crate::closed_set;

closed_set! {
    /// Whose desk a signal is for.
    Queue {
        /// The analysts' queue: KF-01 to KF-13.
        Konflik = "konflik",
        /// Bawaslu's queue: KF-14.
        Netralitas = "netralitas",
    }
}

closed_set! {
    /// What kind of trouble (domain.md 2.4; a proposal of this project, not an official list).
    Category {
        /// *Bentrok/kekerasan massa pendukung*.
        Kf01 = "KF-01",
        /// *Ancaman dan hasutan kekerasan*.
        Kf02 = "KF-02",
        /// *Pengerahan massa / unjuk rasa*.
        Kf03 = "KF-03",
        /// *Perusakan / pembakaran fasilitas pemilu*.
        Kf04 = "KF-04",
        /// *Gangguan logistik dan penyelenggaraan*.
        Kf05 = "KF-05",
        /// *Sengketa hasil dan kecurangan (tuduhan)*.
        Kf06 = "KF-06",
        /// *Politik uang dan materi lain*.
        Kf07 = "KF-07",
        /// *Intimidasi dan penghalangan hak pilih*.
        Kf08 = "KF-08",
        /// *Isu SARA dan ujaran kebencian*.
        Kf09 = "KF-09",
        /// *Hoaks dan disinformasi pemilu*.
        Kf10 = "KF-10",
        /// *Perusakan / sengketa APK dan atribut*.
        Kf11 = "KF-11",
        /// *Konflik lahan, sumber daya, batas*.
        Kf12 = "KF-12",
        /// *Sengketa internal desa / pilkades / adat / kelompok*.
        Kf13 = "KF-13",
        /// *Netralitas aparat*: Bawaslu's queue only.
        Kf14 = "KF-14",
    }
}

impl Category {
    /// The queue this category stands in.
    pub fn queue(self) -> Queue {
        if self == Category::Kf14 { Queue::Netralitas } else { Queue::Konflik }
    }

    /// Its level before anything else is known (domain.md 2.4).
    pub fn severity(self) -> Severity {
        match self {
            Category::Kf01 | Category::Kf04 | Category::Kf08 => Severity::Siaga,
            Category::Kf10 | Category::Kf11 | Category::Kf14 => Severity::Normal,
            _ => Severity::Waspada,
        }
    }
}

closed_set! {
    /// The product's own ladder (domain.md 2.3): no legal *status keadaan konflik*.
    Severity {
        /// Information: stands in the queue, collapsed, tells nobody.
        Normal = "NORMAL",
        /// A tension signal, unverified or of a single source.
        Waspada = "WASPADA",
        /// A credible plan, gathering, threat or damage.
        Siaga = "SIAGA",
        /// Violence, fire, weapons or victims now.
        Awas = "AWAS",
    }
}

impl Severity {
    /// One step up, at most to `ceiling`; never down.
    #[must_use]
    pub fn up(self, ceiling: Severity) -> Severity {
        let next = match self {
            Severity::Normal => Severity::Waspada,
            Severity::Waspada => Severity::Siaga,
            Severity::Siaga | Severity::Awas => Severity::Awas,
        };
        self.max(next.min(ceiling))
    }

    /// One step down; NORMAL stays.
    #[must_use]
    pub fn down(self) -> Severity {
        match self {
            Severity::Normal | Severity::Waspada => Severity::Normal,
            Severity::Siaga => Severity::Waspada,
            Severity::Awas => Severity::Siaga,
        }
    }
}

closed_set! {
    /// Who is suspected of partiality (domain.md 1.1).
    SubjectClass {
        /// Civil servant.
        Pns = "SUB-PNS",
        /// Civil servant on contract ("P3K").
        Pppk = "SUB-PPPK",
        /// *Honorer*, contract staff; no ASN.
        Ppnpn = "SUB-PPNPN",
        /// Village head.
        Kades = "SUB-KADES",
        /// Village apparatus.
        Perdes = "SUB-PERDES",
        /// Member of the village council.
        Bpd = "SUB-BPD",
        /// *Lurah*, *camat* and other heads of office (civil servants).
        Lurah = "SUB-LURAH",
        /// Soldier.
        Tni = "SUB-TNI",
        /// Police officer.
        Polri = "SUB-POLRI",
        /// Election organiser.
        Peny = "SUB-PENY",
        /// State or regional official.
        Pej = "SUB-PEJ",
        /// Official of a state or regional enterprise.
        Bumn = "SUB-BUMN",
    }
}

impl SubjectClass {
    /// Whether the joint decree (KE and PD rows) binds this class (domain.md 1.2).
    pub fn is_asn(self) -> bool {
        matches!(self, SubjectClass::Pns | SubjectClass::Pppk | SubjectClass::Lurah)
    }
}

closed_set! {
    /// What a subject is said to have done (eval/GUIDE.md, "Act codes").
    Act {
        /// Putting up banners, stickers, props.
        Apk = "APK",
        /// Promoting online in one's own words.
        KampanyeDaring = "KAMPANYE-DARING",
        /// Attending a declaration or campaign with active support.
        Hadir = "HADIR",
        /// Liking, sharing, following, joining a winning team's account or group.
        Interaksi = "INTERAKSI",
        /// Publishing a photo with a candidate, team, symbols or props.
        Foto = "FOTO",
        /// Leading, speaking at or hosting campaigning.
        IkutKampanye = "IKUT-KAMPANYE",
        /// Campaigning for a spouse without unpaid leave.
        Pasangan = "PASANGAN",
        /// Approaching parties to be nominated.
        MendekatiPartai = "MENDEKATI-PARTAI",
        /// Member or official of a party.
        Partai = "PARTAI",
        /// Meetings, invitations, appeals, gifts that lean to a candidate.
        KegiatanMemihak = "KEGIATAN-MEMIHAK",
        /// Team member, consultant or expert for a candidate.
        Timses = "TIMSES",
        /// Support letters or collecting identity copies for an independent.
        Ktp = "KTP",
        /// Official decisions that favour or harm a candidate.
        Keputusan = "KEPUTUSAN",
        /// State vehicle, building, budget or account used for a candidate.
        Fasilitas = "FASILITAS",
        /// Ordering or steering subordinates, staff, pupils, aid recipients, voters.
        Mobilisasi = "MOBILISASI",
    }
}

impl Act {
    /// Acts that use the power of the state: WASPADA by default (eval/GUIDE.md).
    pub fn is_state_power(self) -> bool {
        matches!(self, Act::Mobilisasi | Act::Keputusan | Act::Fasilitas)
    }
}

closed_set! {
    /// Role codes of offices (domain.md 3.1); an office is a role in a region.
    Role {
        /// *Kepala desa*.
        Kades = "KADES",
        /// *Lurah*.
        Lurah = "LURAH",
        /// Army NCO for a village.
        Babinsa = "BABINSA",
        /// Police officer for a village.
        Bhabin = "BHABIN",
        /// Sub-district head.
        Camat = "CAMAT",
        /// Army commander of a sub-district.
        Danramil = "DANRAMIL",
        /// Police chief of a sub-district.
        Kapolsek = "KAPOLSEK",
        /// Regent or mayor.
        Bupati = "BUPATI",
        /// Army commander of a regency.
        Dandim = "DANDIM",
        /// Police chief of a regency.
        Kapolres = "KAPOLRES",
        /// Regional secretary, chair of the Desk Pilkada.
        Sekda = "SEKDA",
        /// Agency for national unity and politics: coordinator of all categories.
        Kesbangpol = "KESBANGPOL",
        /// Inter-faith forum.
        Fkub = "FKUB",
        /// Civil service police.
        Satpolpp = "SATPOLPP",
        /// Communication and informatics office.
        Diskominfo = "DISKOMINFO",
        /// Desk Pilkada.
        Deskpilkada = "DESKPILKADA",
        /// Election commission of a regency or province.
        Kpu = "KPU",
        /// KPU's sub-district committee.
        PpkKpu = "PPK-KPU",
        /// KPU's village committee.
        Pps = "PPS",
        /// Election supervisor of a regency or province.
        Bawaslu = "BAWASLU",
        /// Supervisor of a sub-district.
        Panwascam = "PANWASCAM",
        /// Supervisor of a village.
        Pkd = "PKD",
        /// Disaster agency.
        Bpbd = "BPBD",
        /// Fire brigade.
        Damkar = "DAMKAR",
        /// Provincial police duty.
        Polda = "POLDA",
    }
}

closed_set! {
    /// Where an item was published.
    Channel {
        /// X, formerly Twitter.
        X = "x",
        /// Facebook.
        Facebook = "facebook",
        /// Instagram.
        Instagram = "instagram",
        /// TikTok.
        Tiktok = "tiktok",
        /// YouTube.
        Youtube = "youtube",
        /// WhatsApp, submitted or public.
        Whatsapp = "whatsapp",
        /// Telegram.
        Telegram = "telegram",
        /// News: a teaser or article.
        Berita = "berita",
        /// A field note of an officer or registered reporter.
        Lapangan = "lapangan",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_read_back() {
        for category in Category::ALL {
            assert_eq!(Category::parse(category.as_str()), Some(*category));
            let json = serde_json::to_string(category).unwrap();
            assert_eq!(json, format!("\"{category}\""));
        }
    }

    #[test]
    fn a_step_up_stops_at_its_ceiling_and_lowers_nothing() {
        assert_eq!(Severity::Waspada.up(Severity::Siaga), Severity::Siaga);
        assert_eq!(Severity::Siaga.up(Severity::Siaga), Severity::Siaga);
        assert_eq!(Severity::Awas.up(Severity::Siaga), Severity::Awas);
    }
}
