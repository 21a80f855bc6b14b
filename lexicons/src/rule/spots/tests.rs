//! Made-up expressions over sets that each stand on the token of their number.

use super::super::Reach;
use super::*;

/// Sets that each stand on the token of their number.
struct Numbered(u128);

impl Seen for Numbered {
    fn has(&self, _: SetId) -> bool {
        true
    }

    fn set(&self, set: SetId) -> Spots {
        Spots::of(1 << set.index())
    }

    fn any(&self, sets: &[Bits]) -> u128 {
        sets.iter().flat_map(|sets| sets.sets()).fold(0, |all, set| all | 1 << set.index())
    }

    fn other(&self, _: &Expr) -> Spots {
        Spots::ANYWHERE
    }

    fn sentences(&self) -> u128 {
        self.0
    }
}

fn nowhere(left: u32, right: u32, reach: Reach, borders: u128) -> bool {
    let set = |n| Expr::Set(SetId(n));
    let near = Expr::Near(Box::new(Near::new(set(left), set(right), reach, false)));
    !may_stand(&near, None, &Numbered(borders))
}

#[test]
fn of_an_or_a_path_sees_its_own_way_alone() {
    let set = |n| Expr::Set(SetId(n));
    let reach = Reach { distance: 3, order: Order::Any, one_sentence: false };
    let near = |left, right| Expr::Near(Box::new(Near::new(set(left), set(right), reach, false)));
    let either = Expr::Or(vec![near(10, 40), set(5), near(20, 21)]);
    let expr = Expr::Without(Box::new(Expr::And(vec![set(1), either])), Box::new(set(2)));
    let nowhere = |path: Option<&[u16]>| !may_stand(&expr, path, &Numbered(0));
    // From the end: the second of AND, then a way of OR, then a side of NEAR.
    assert!(nowhere(Some(&[1, 0, 1])), "too far apart");
    assert!(!nowhere(Some(&[0, 2, 1])) && !nowhere(Some(&[PLAIN, 1])));
    assert!(!nowhere(None), "two ways of three");
    assert!(!nowhere(Some(&[0])), "what hangs on the first of AND needs any way of OR");
}

#[test]
fn where_nobody_asks_where_the_first_way_is_enough() {
    /// Fails when it is asked after a class.
    struct NoClass;
    impl Seen for NoClass {
        fn has(&self, set: SetId) -> bool {
            set.0 < 5
        }
        fn set(&self, set: SetId) -> Spots {
            Spots::of(1 << set.index())
        }
        fn any(&self, sets: &[Bits]) -> u128 {
            Numbered(0).any(sets)
        }
        fn other(&self, expr: &Expr) -> Spots {
            panic!("nobody need look for {expr:?}")
        }
        fn sentences(&self) -> u128 {
            0
        }
    }
    let class = || Expr::Class(crate::rule::Class::Money);
    let set = |n| Expr::Set(SetId(n));
    assert!(may_stand(&Expr::Or(vec![set(9), set(4), class()]), None, &NoClass));
    // The way leads to the second of AND, which stands nowhere.
    assert!(!may_stand(&Expr::And(vec![class(), set(9)]), Some(&[1]), &NoClass));
}

#[test]
fn around_tokens_is_as_far_before_as_behind() {
    for distance in 0..12 {
        let tokens = 1 << 40 | 1 << 70;
        let both = before(tokens, distance, 0) | behind(tokens, distance, 0);
        assert_eq!(around(tokens, distance), both, "{distance}");
    }
    assert_eq!(around(1, 500), u128::MAX);
}

#[test]
fn two_terms_hold_within_their_distance_their_order_and_their_sentence() {
    let any = Reach { distance: 3, order: Order::Any, one_sentence: false };
    assert!(!nowhere(10, 13, any, 0) && !nowhere(13, 10, any, 0));
    assert!(nowhere(10, 14, any, 0) && nowhere(14, 10, any, 0));
    let left = Reach { order: Order::LeftFirst, ..any };
    assert!(!nowhere(10, 13, left, 0) && nowhere(13, 10, left, 0));
    let right = Reach { order: Order::RightFirst, ..any };
    assert!(nowhere(10, 13, right, 0) && !nowhere(13, 10, right, 0));
    let one = Reach { one_sentence: true, ..any };
    assert!(nowhere(10, 13, one, 1 << 12) && nowhere(13, 10, one, 1 << 12));
    assert!(!nowhere(10, 12, one, 1 << 13 | 1 << 10), "a border before and behind both");
    assert!(!nowhere(10, 13, any, 1 << 12), "one sentence further");
}
