//! The words that stand before place names: markers, offices, and what makes a name no place.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

/// A set of levels of areas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Levels(u8);

impl Levels {
    pub(super) const PROVINSI: Levels = Levels(1);
    pub(super) const KABUPATEN: Levels = Levels(2);
    pub(super) const KECAMATAN: Levels = Levels(4);
    pub(super) const DESA: Levels = Levels(8);
    pub(super) const ALL: Levels = Levels(15);

    pub(super) const fn or(self, other: Levels) -> Levels {
        Levels(self.0 | other.0)
    }

    pub(super) fn has(self, level: stream::Level) -> bool {
        self.0 & (1 << level as u8) != 0
    }
}

/// Which of a kabupaten and a kota of one name a word means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    /// Either.
    Any,
    /// A kabupaten.
    Kabupaten,
    /// A kota.
    Kota,
}

/// What a marker or an office says of the name behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Says {
    pub(super) levels: Levels,
    pub(super) sort: Sort,
    /// The word is an everyday word too, so that the name may hold it (`Kampung Baru`, `Kota Agung`).
    pub(super) soft: bool,
}

const fn says(levels: Levels, sort: Sort, soft: bool) -> Says {
    Says { levels, sort, soft }
}

/// `Kab.`, `kecamatan`, `Ds` and their like; also glued to *se-*, *sa-*, *di-*, *ke-*.
pub(super) fn marker(word: &str) -> Option<Says> {
    let found = match word {
        "kab" | "kabupaten" | "kabupatene" | "kabb" | "kbpt" => {
            says(Levels::KABUPATEN, Sort::Kabupaten, false)
        }
        "kota" | "kotamadya" | "kodya" | "kuto" | "kutha" => says(Levels::KABUPATEN, Sort::Kota, true),
        "kec" | "kecamatan" | "kacamatan" | "kecamatane" | "kcmtn" | "kapanewon" | "kemantren"
        | "distrik" => says(Levels::KECAMATAN, Sort::Any, false),
        "ds" | "desa" | "deso" | "dsa" | "disah" | "dhisa" | "dhisah" | "kalurahan" | "gampong" | "pekon"
        | "tiyuh" | "desane" => says(Levels::DESA, Sort::Any, false),
        "nagari" | "lembang" | "lewu" | "kampung" | "kampong" | "kp" | "kpg" | "negeri" | "ohoi" => {
            says(Levels::KECAMATAN.or(Levels::DESA), Sort::Any, true)
        }
        "kel" | "kelurahan" | "kelurahane" => says(Levels::DESA, Sort::Any, false),
        "prov" | "provinsi" | "propinsi" => says(Levels::PROVINSI, Sort::Any, false),
        _ => {
            return ["se", "sa", "di", "ke"].iter().find_map(|glued| glued_marker(word.strip_prefix(glued)?));
        }
    };
    Some(found)
}

fn glued_marker(word: &str) -> Option<Says> {
    matches!(word, "kabupaten" | "kota" | "kecamatan" | "kacamatan" | "desa" | "kelurahan" | "provinsi")
        .then(|| marker(word))
        .flatten()
}

// The classes of words; a word may stand in several.
const SHORTENED: u32 = 1 << 0;
const NO_NAME: u32 = 1 << 1;
const OFFICE_FILLER: u32 = 1 << 2;
const SITE: u32 = 1 << 3;
const LOCATIVE: u32 = 1 << 4;
const ORIGIN: u32 = 1 << 5;
const LIKENED: u32 = 1 << 6;
const PEOPLE: u32 = 1 << 7;
const PEOPLES: u32 = 1 << 8;
const HALF_ORDINARY: u32 = 1 << 9;
const TITLE: u32 = 1 << 10;
const WARE: u32 = 1 << 11;
const STREET: u32 = 1 << 12;
const BUILDING: u32 = 1 << 13;
const BODY: u32 = 1 << 14;
const CLUB_TAIL: u32 = 1 << 15;
const HAMLET: u32 = 1 << 16;
const ABROAD: u32 = 1 << 17;

/// The words of each class.
const CLASSES: &[(u32, &str)] = &[
    (SHORTENED, "kab kabb kec kcmtn ds dsa kel kp kpg prov gp"),
    (
        NO_NAME,
        "yang dari pada dalam untuk ini itu kami kita sini sana lain sama mana juga akan sudah tidak atau dan \
         dengan sebelah setempat masing lewat jadi besar kecil baru lama tetap bisa tu tuh ada sampai siap \
         aman",
    ),
    (OFFICE_FILLER, "pp daerah metro resor sektor wilayah wil se"),
    (
        SITE,
        "kantor gedung mako markas halaman depan dpn ngarep gudang sekretariat posko aula pagar pager \
         kantornya",
    ),
    (
        LOCATIVE,
        "di ke nang ning neng nde ing teng hong intu bara ka ti dina warga wargi masyarakat wilayah wil \
         daerah kawasan sekitar seputar arah area pantura kampung pasar gudang polisi pilkada pilbup pilwali \
         pilwalkot pilgub se lewu dulur tinggal domisili e dapil kecamatan simpang terminal stasiun jalur \
         alun bundaran pelabuhan perbatasan sini",
    ),
    (ORIGIN, "dari asal kelahiran jurusan soko saka dr bekas eks lahir pulang"),
    (LIKENED, "seperti kayak kyk macam ibarat dibanding ketimbang bukan mirip koyok cak"),
    (
        PEOPLE,
        "orang org wong urang oreng uluh suku etnis bahasa logat budaya adat ras keturunan arek perantau \
         pendatang torang bubuhan tretan halak tau",
    ),
    (
        PEOPLES,
        "asmat madura bali papua aceh lampung banjar ambon nias flores bima bugis karo gayo rote sabu alor \
         muna buton maluku riau sumba kutai sumbawa",
    ),
    (
        HALF_ORDINARY,
        "ketapang kuningan rembang ngada kapuas malang padang medan kudus metro pati tegal solok kendal siak \
         sabang subang tual ende sigi bintan lingga banjar pali oku oki tala mura palas benteng tuba sikka \
         nagan toba samosir balam basel bateng babar matim atim atam prob png pct smd smg plg mdn mlg sbb sbt \
         mbd kkt klu ksb tts ttu sbd bks bgr bdg crb krw skh wng kbm bms pbg pwt pwk kra nad hst hsu hss ppu \
         spg jbr jbg lmj kdr mjk bws bwi diy kobar tasik solo",
    ),
    (
        TITLE,
        "pak bapak bpk bp bu ibu mas mbak mbah bang kak gus kiai kyai kiyai kh haji hj ustad ustadz ust \
         ustadzah om tante cak mang kang abah sdr sdri drs ir prof letkol akp kompol akbp ipda iptu aipda \
         aiptu bripka serka serda sertu kapten mayor kolonel peltu lettu inisial uda uni daeng wayan",
    ),
    (
        WARE,
        "sate soto rawon nasi sego pecel tahu rujak gudeg pempek kerupuk ayam bebek kopi dodol batik songket \
         tape bika mie mi bakpia lumpia rendang masakan bakso gule sop kue es salak apel jeruk kain tenun \
         keris sapi kuda tari brem sambal garam kretek jenang ukir lagu film reog gandrung ludruk serabi \
         asinan talas beras lawar tempe",
    ),
    (STREET, "jl jln jalan gg gang perum perumahan komplek kompleks blok ruas tol"),
    (
        BUILDING,
        "gpu gedung aula graha gor stadion hotel wisma masjid mesjid musala gereja jembatan sungai kali \
         bendungan gunung waduk rs balai",
    ),
    (
        BODY,
        "univ universitas unv kampus institut politeknik poltek iain uin stain stkip stie alumni ikatan \
         ikamal paguyuban pt cv ud bank bpr koperasi kud toko rm resto warung warkop apotek psm pss psis psim \
         psms psps arema perguruan pabrik pg radio harian tribun jawapos radar",
    ),
    (CLUB_TAIL, "united fc fans mania pos tv televisi news jaya"),
    (HAMLET, "dusun dsn dk dukuh dukuhan padukuhan pedukuhan lingkungan lk jorong korong"),
    (
        ABROAD,
        "mozambik maputo malaysia sabah filipina manila thailand bangkok myanmar vietnam singapura jepang \
         tokyo korea seoul tiongkok beijing taiwan india delhi pakistan bangladesh dhaka afghanistan iran \
         irak suriah gaza palestina israel lebanon yaman mesir sudan kenya nairobi nigeria kongo rusia moskow \
         ukraina kyiv georgia tbilisi prancis paris jerman berlin inggris london spanyol amerika washington \
         trump kanada meksiko brasil venezuela haiti australia srilanka nepal serbia rumania bolivia \
         argentina timorleste dili",
    ),
];

static CLASS_OF: LazyLock<FxHashMap<&'static str, u32>> = LazyLock::new(|| {
    let mut classes = FxHashMap::default();
    for (class, list) in CLASSES {
        for word in list.split_whitespace() {
            *classes.entry(word).or_insert(0) |= class;
        }
    }
    classes
});

fn is(word: &str, class: u32) -> bool {
    CLASS_OF.get(word).is_some_and(|classes| classes & class != 0)
}

/// Markers so short that a full stop behind them is not the end of a sentence.
pub(super) fn shortened(word: &str) -> bool {
    is(word, SHORTENED)
}

/// Words that follow a marker without being a name.
pub(super) fn no_name(word: &str) -> bool {
    is(word, NO_NAME)
}

/// What the text is about where a name is both a kabupaten's and a kota's.
pub(super) fn sort_word(word: &str) -> Option<Sort> {
    match word {
        "pemkab" | "bupati" | "wabup" | "cabup" | "pilbup" | "kabupaten" | "kab" => Some(Sort::Kabupaten),
        "pemkot" | "walikota" | "wawali" | "cawali" | "pilwali" | "pilwalkot" | "polresta" => {
            Some(Sort::Kota)
        }
        _ => None,
    }
}

const KEC: Says = says(Levels::KECAMATAN, Sort::Any, false);
const KEC_DESA: Says = says(Levels::KECAMATAN.or(Levels::DESA), Sort::Any, false);
const DESA: Says = says(Levels::DESA, Sort::Any, false);
const ANY: Says = says(Levels::ALL, Sort::Any, false);
const KAB: Says = says(Levels::KABUPATEN, Sort::Kabupaten, false);
const KOTA: Says = says(Levels::KABUPATEN, Sort::Kota, false);
const EITHER: Says = says(Levels::KABUPATEN, Sort::Any, false);
const PROV: Says = says(Levels::PROVINSI, Sort::Any, false);
const PROV_KAB: Says = says(Levels::PROVINSI.or(Levels::KABUPATEN), Sort::Any, false);

/// An office with a working area. The flag tells a head, behind whom a person's name may stand.
pub(super) fn office(word: &str) -> Option<(Says, bool)> {
    Some(match word {
        "polsek" | "polsekta" | "koramil" | "panwascam" | "panwaslucam" | "ppk" | "forkopimcam"
        | "muspika" | "kua" | "sekcam" | "panwaslukec" => (KEC, false),
        "camat" | "kapolsek" | "danramil" => (KEC, true),
        "babinsa" | "bhabin" | "bhabinkamtibmas" | "babinkamtibmas" | "bhabinkamtibmaspol" | "linmas"
        | "satlinmas" | "fkdm" | "puskesmas" => (KEC_DESA, false),
        "pps" | "pkd" | "kpps" | "ptps" | "bpd" | "pemdes" => (DESA, false),
        "kades" | "lurah" | "klebun" | "kalebun" | "pambakal" | "keuchik" | "geuchik" | "geucik" | "kuwu"
        | "jaro" | "kakon" | "perbekel" | "sangadi" | "petinggi" | "sekdes" | "kadus" => (DESA, true),
        "pemkab" | "kabag" => (KAB, false),
        "bupati" | "wabup" => (KAB, true),
        "pemkot" | "polresta" | "polrestabes" => (KOTA, false),
        "walikota" | "wawali" | "cawali" => (KOTA, true),
        "polres" | "kodim" | "kejari" | "forkopimda" | "gakkumdu" | "satpol" | "kesbangpol"
        | "bakesbangpol" | "disdik" | "dinkes" | "bkpsdm" | "bkd" | "rsud" => (EITHER, false),
        "kapolres" | "dandim" | "kajari" => (EITHER, true),
        // Who comes to help is named after where he is stationed, which need not be where it burns.
        "damkar" | "pemadam" | "bpbd" | "ambulans" => (ANY, false),
        "polda" | "pemprov" | "kejati" => (PROV, false),
        "gubernur" | "wagub" | "kapolda" | "pangdam" => (PROV, true),
        "kpu" | "kpud" | "bawaslu" | "panwaslu" | "dprd" | "kip" | "panwaslih" => (PROV_KAB, false),
        _ => return None,
    })
}

/// Words between an office and its area: *Polres* Metro, *KPU* Daerah, *Panwaslu* Kecamatan is a marker.
pub(super) fn office_filler(word: &str) -> bool {
    is(word, OFFICE_FILLER)
}

/// Buildings of an office: the office stands for the spot itself.
pub(super) fn site(word: &str) -> bool {
    is(word, SITE)
}

/// A word before a place where something is.
pub(super) fn locative(word: &str) -> bool {
    is(word, LOCATIVE)
}

/// Before a place that something only comes from or goes back to.
pub(super) fn origin(word: &str) -> bool {
    is(word, ORIGIN)
}

/// Before a place that is only compared with.
pub(super) fn likened(word: &str) -> bool {
    is(word, LIKENED)
}

/// Before a people's name.
pub(super) fn people(word: &str) -> bool {
    is(word, PEOPLE)
}

/// Names that are a people's or an island's first: a place only behind a locative.
pub(super) fn peoples(word: &str) -> bool {
    is(word, PEOPLES)
}

/// Names of kabupaten and kota that are everyday words too: they need a capital letter or a locative.
pub(super) fn half_ordinary(word: &str) -> bool {
    is(word, HALF_ORDINARY)
}

/// Before a person's name.
pub(super) fn title(word: &str) -> bool {
    is(word, TITLE)
}

/// Dishes, wares and breeds that carry a place's name.
pub(super) fn ware(word: &str) -> bool {
    is(word, WARE)
}

/// Streets, whose names are borrowed.
pub(super) fn street(word: &str) -> bool {
    is(word, STREET)
}

/// Buildings that may be named after another place.
pub(super) fn building(word: &str) -> bool {
    is(word, BUILDING)
}

/// Bodies whose name never tells a place: universities, clubs, firms, alumni.
pub(super) fn body(word: &str) -> bool {
    let club = word.starts_with("persi") && word.len() > 5 || word.starts_with("perse") && word.len() > 6;
    club || is(word, BODY)
}

/// What follows a name that is a club's.
pub(super) fn club_tail(word: &str) -> bool {
    is(word, CLUB_TAIL)
}

/// Settlements below the village: their names are left alone.
pub(super) fn hamlet(word: &str) -> bool {
    is(word, HAMLET)
}

/// Places outside Indonesia, and words of them.
pub(super) fn abroad(word: &str) -> bool {
    is(word, ABROAD)
}

/// The tongues, by their place in [`TONGUES`], that have the word.
pub(super) fn tongues(word: &str) -> &'static [usize] {
    static TONGUES_OF: LazyLock<FxHashMap<&'static str, Vec<usize>>> = LazyLock::new(|| {
        let mut tongues: FxHashMap<_, Vec<usize>> = FxHashMap::default();
        for (tongue, (_, spoken)) in TONGUES.iter().enumerate() {
            for word in spoken.split_whitespace() {
                let known = tongues.entry(word).or_default();
                if !known.contains(&tongue) {
                    known.push(tongue);
                }
            }
        }
        tongues
    });
    TONGUES_OF.get(word).map_or(&[], Vec::as_slice)
}

/// Words of the tongues, behind the provinces where they are spoken.
pub(super) const TONGUES: &[(&str, &str)] = &[
    ("62", "uluh itah lewu ela dia tuh ikei ewen pahari hong jewu kilen aku awi"),
    ("63 62 64", "kada ulun pian nang jar inya banua bubuhan haja lawan gasan saurang samalam urang"),
    (
        "35",
        "oreng sengko tak ta bada badha mon reng sampeyan tretan moso kabbhi lagghu lakona ebakar abdhi \
         klebun kalebun",
    ),
    (
        "35 33 34",
        "ora wis sing iki kuwi ojo wong nang ning arek kene ndelok ngono opo sopo piye bojoku lek yo ono ana",
    ),
    ("16 15 17", "wong galo dak nian kito dulur cak kau bae samo dewek katonyo kato nak laju ngeri budak"),
    ("32 36", "teu mah nu urang euy ieu geus moal ulah lembur aya jeung naha tadi punten abdi kunaon budak"),
    ("13", "indak ndak awak dek nan alah kamanakan dunsanak urang iko jan ambo baa lai"),
    ("51", "sing nika tiang sampun rahajeng suksma ten titiang krama"),
    ("53", "beta katong sonde deng dong sa lu nona pi su"),
    ("81 82", "katong torang tara seng deng beta ngoni kase basudara dong"),
    ("91 92 93 94 95 96", "kitong trada tra sa ko dong deng pace mace su tong"),
    ("71 75", "torang ngoni kita nyanda kasiang so deng mo pe dorang"),
    ("73", "mi ji ki kodong tena puang nakke bela pale cika adaji"),
    ("12", "kelen klen kau awak lae ito bah kali horas"),
    ("11", "han nyan lon peue geuchik awak hana gampong ka"),
];
