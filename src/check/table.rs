//! The table of rules, family by family.

use super::rule::Rule;
use super::{links, members, names, scripts, structure};

const FAMILIES: [&[Rule]; 5] = [structure::RULES, names::RULES, links::RULES, members::RULES, scripts::RULES];

/// Every rule, by code.
pub static RULES: &[Rule] = &joined::<{ count() }>();

const fn count() -> usize {
    let (mut count, mut family) = (0, 0);
    while family < FAMILIES.len() {
        count += FAMILIES[family].len();
        family += 1;
    }
    count
}

const fn joined<const N: usize>() -> [Rule; N] {
    let mut all = [FAMILIES[0][0]; N];
    let (mut next, mut family) = (0, 0);
    while family < FAMILIES.len() {
        let mut at = 0;
        while at < FAMILIES[family].len() {
            all[next] = FAMILIES[family][at];
            at += 1;
            next += 1;
        }
        family += 1;
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_in_order() {
        for pair in RULES.windows(2) {
            assert!(pair[0].code < pair[1].code, "{} before {}", pair[0].code, pair[1].code);
        }
    }

    #[test]
    fn every_rule_explains_itself() {
        for rule in RULES {
            assert!(rule.code.strip_prefix("AZ-").is_some_and(|number| number.len() == 3), "{}", rule.code);
            assert!(!rule.title.ends_with('.') && rule.title.len() < 50, "{}", rule.code);
            assert!(rule.help.len() > 100 && rule.help.ends_with('.'), "{}", rule.code);
            assert!(!rule.help.contains("  "), "{}", rule.code);
        }
    }
}
