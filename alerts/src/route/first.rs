//! Who is told first of each category (domain.md 2.4, "First"), one line per category.

use stream::{Category, Role};

/// A role that is told first, and the tag it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct First {
    /// The role.
    pub role: Role,
    /// Only when the matter carries this tag of domain.md 2.4.
    pub when: Option<&'static str>,
}

const fn always(role: Role) -> First {
    First { role, when: None }
}

const fn tagged(role: Role, tag: &'static str) -> First {
    First { role, when: Some(tag) }
}

/// The target is the organisers'.
const TARGET: &str = "penyelenggara_target";
/// A disaster stands behind it.
const DISASTER: &str = "bencana";

/// Who is told first of `category`. What a role may not receive (domain.md 3.1) is filtered by the
/// router, so that the table reads as the page does. `Kades` stands for the head of the village.
pub fn first(category: Category) -> &'static [First] {
    use Role::{
        Babinsa, Bawaslu, Bhabin, Bpbd, Camat, Damkar, Danramil, Deskpilkada, Diskominfo, Fkub, Kades,
        Kapolres, Kapolsek, Kesbangpol, Kpu, Panwascam, Pkd, PpkKpu, Pps, Satpolpp,
    };
    const {
        assert!(Category::ALL.len() == 14);
    }
    match category {
        Category::Kf01 => &const { [always(Bhabin), always(Kapolsek), always(Babinsa)] },
        Category::Kf02 => {
            &const { [always(Kapolsek), always(Kapolres), always(Danramil), tagged(Bawaslu, TARGET)] }
        }
        Category::Kf03 => {
            &const { [always(Kapolres), always(Camat), tagged(Kpu, TARGET), tagged(Bawaslu, TARGET)] }
        }
        Category::Kf04 => {
            &const {
                [
                    always(Kapolsek),
                    always(Kapolres),
                    always(Damkar),
                    always(Kpu),
                    always(Bawaslu),
                    always(PpkKpu),
                    always(Pps),
                ]
            }
        }
        Category::Kf05 => {
            &const {
                [
                    always(Pps),
                    always(PpkKpu),
                    always(Kpu),
                    always(Bawaslu),
                    always(Camat),
                    always(Deskpilkada),
                    tagged(Bpbd, DISASTER),
                ]
            }
        }
        Category::Kf06 => &const { [always(Bawaslu), always(Kpu)] },
        Category::Kf07 => &const { [always(Bawaslu), always(Panwascam), always(Pkd)] },
        Category::Kf08 => &const { [always(Bawaslu), always(Kapolsek)] },
        Category::Kf09 => &const { [always(Bawaslu), always(Fkub), always(Kesbangpol), always(Kapolres)] },
        Category::Kf10 => &const { [always(Kpu), always(Bawaslu), always(Diskominfo)] },
        Category::Kf11 => &const { [always(Bawaslu), always(Panwascam), always(Satpolpp), always(Kapolsek)] },
        Category::Kf12 => {
            &const { [always(Camat), always(Kades), always(Kapolsek), always(Danramil), always(Kesbangpol)] }
        }
        Category::Kf13 => &const { [always(Kades), always(Bhabin), always(Babinsa), always(Kapolsek)] },
        Category::Kf14 => &const { [always(Pkd), always(Panwascam)] },
    }
}
