//! Stores such as nobody would write.

use std::fmt::Write as _;

use azedit::accounts::Sid;
use azedit::store::Store;

use crate::support::Random;

pub fn sid(text: &str) -> Sid {
    Sid::parse(text).unwrap()
}

pub const SIDS: [&str; 9] = [
    "S-1-1-0",
    "S-1-5-11",
    "S-1-5-32-545",
    "S-1-5-32-546",
    "S-1-5-7",
    "S-1-5-32-544",
    "S-1-5-21-1-2-3-1001",
    "S-1-5-21-1-2-3-1002",
    "S-1-5-21-1-2-3-1003",
];

fn guid(n: usize) -> String {
    format!("00000000-0000-4000-8000-{n:012x}")
}

/// A link to one of these, or now and then to anything or nothing.
fn random_link(random: &mut Random, element: &str, of: &[usize], total: usize) -> String {
    let to = if random.one_in(12) { random.below(total) } else { random.pick(of).copied().unwrap_or(0) };
    format!("<{element}>{}</{element}>", guid(to))
}

fn random_member(random: &mut Random, element: &str, many: usize) -> String {
    let sid = if many > 0 && random.one_in(2) {
        format!("S-1-5-21-1-2-3-{}", 2000 + random.below(600))
    } else {
        (*random.pick(&SIDS).unwrap()).to_owned()
    };
    match random.below(8) {
        0 => format!("<{element}> {sid} </{element}>"),
        1 => format!("<{element}>CONTOSO\\joe</{element}>"),
        _ => format!("<{element}>{sid}</{element}>"),
    }
}

fn random_group(random: &mut Random, n: usize, (groups, total): (&[usize], usize), many: usize) -> String {
    let kind = ["Basic", "Basic", "Basic", "Basic", "LdapQuery", "Bizrule", "Odd"][random.below(7)];
    let mut text = format!("<AzApplicationGroup Guid=\"{}\" Name=\"g{n}\" GroupType=\"{kind}\">", guid(n));
    for _ in 0..random.below(3) {
        text += &random_link(random, "AppMemberLink", groups, total);
    }
    for _ in 0..random.below(3) + many {
        text += &random_member(random, "Member", many);
    }
    if random.one_in(3) {
        text += &random_member(random, "NonMember", many);
    }
    text + "</AzApplicationGroup>"
}

/// A store such as nobody would write: links of every kind from everywhere to everywhere, loops, links to nothing,
/// rules, queries, non-members.
pub fn random_store(random: &mut Random, many: usize) -> String {
    // Objects get their numbers first, so that links can lead forwards.
    let applications = 1 + random.below(2);
    let mut next = 0;
    let mut plan = Vec::new();
    let take = |next: &mut usize| {
        *next += 1;
        *next
    };
    for _ in 0..applications {
        let scopes = random.below(3);
        let operations = 1 + random.below(4) + many;
        plan.push((
            take(&mut next),
            (0..operations).map(|_| take(&mut next)).collect::<Vec<_>>(),
            (0..=scopes)
                .map(|_| (take(&mut next), random.below(6), 1 + random.below(3), random.below(4)))
                .collect::<Vec<_>>(),
        ));
    }
    let total = next + 60;
    let (mut tasks, mut groups, mut operations): (Vec<usize>, Vec<usize>, Vec<usize>) = Default::default();
    let mut number = next;
    for (_, of, levels) in &plan {
        operations.extend(of);
        for (_, task_count, _, group_count) in levels {
            for _ in 0..*task_count {
                number += 1;
                tasks.push(number);
            }
            for _ in 0..*group_count {
                number += 1;
                groups.push(number);
            }
        }
    }
    let globals: Vec<usize> = (0..random.below(3)).map(|n| number + 1 + n).collect();
    groups.extend(&globals);
    let link = |random: &mut Random, element: &str, of: &[usize]| random_link(random, element, of, total);
    let group =
        |random: &mut Random, n: usize, groups: &[usize]| random_group(random, n, (groups, total), many);
    let mut text = String::from("<AzAdminManager MajorVersion=\"2\" MinorVersion=\"0\">");
    let (mut at_task, mut at_group) = (tasks.iter(), groups.iter());
    for (application, of, levels) in &plan {
        write!(text, "<AzApplication Guid=\"{}\" Name=\"a{application}\">", guid(*application)).unwrap();
        for (id, n) in of.iter().enumerate() {
            write!(
                text,
                "<AzOperation Guid=\"{}\" Name=\"o{n}\"><OperationID>{id}</OperationID></AzOperation>",
                guid(*n)
            )
            .unwrap();
        }
        for (at, (scope, task_count, assignment_count, group_count)) in levels.iter().enumerate() {
            if at > 0 {
                write!(text, "<AzScope Guid=\"{}\" Name=\"s{scope}\">", guid(*scope)).unwrap();
            }
            for n in at_task.by_ref().take(*task_count) {
                write!(text, "<AzTask Guid=\"{}\" Name=\"t{n}\">", guid(*n)).unwrap();
                text += ["", "", "", "<BizRule>x = 1</BizRule>", "<BizRule> </BizRule>"][random.below(5)];
                for _ in 0..random.below(3) + many / 3 {
                    text += &link(random, "OperationLink", of);
                }
                for _ in 0..random.below(3) {
                    text += &link(random, "TaskLink", &tasks);
                }
                text += "</AzTask>";
            }
            for n in 0..*assignment_count {
                write!(text, "<AzRole Guid=\"{}\" Name=\"r{n}\">", guid(total + number + n + 7 * scope))
                    .unwrap();
                for _ in 0..random.below(3) {
                    text += &link(random, "TaskLink", &tasks);
                }
                for _ in 0..random.below(3) {
                    text += &link(random, "AppMemberLink", &groups);
                }
                if random.one_in(3) {
                    text += &link(random, "OperationLink", &operations);
                }
                for _ in 0..random.below(3) {
                    text += &random_member(random, "Member", many);
                }
                text += "</AzRole>";
            }
            for n in at_group.by_ref().take(*group_count) {
                text += &group(random, *n, &groups);
            }
            if at > 0 {
                text += "</AzScope>";
            }
        }
        text += "</AzApplication>";
    }
    for n in globals {
        text += &group(random, n, &groups);
    }
    text + "</AzAdminManager>"
}

pub fn open(text: &str) -> Store {
    Store::open(text.as_bytes().to_vec()).unwrap_or_else(|error| panic!("{error}\n{text}"))
}
