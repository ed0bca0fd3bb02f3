//! Is this an LDAP query? The grammar of filters (RFC 4515), and of the LDAP URLs (RFC 4516) that groups of schema
//! 2.0 may hold.
//!
//! What Windows takes besides is taken here too, because Microsoft's own examples are written so: blanks around
//! filters, one comparison without parentheses (`memberOf=CN=…`), and `(!cn=andy)` without the inner ones. `(&)` and
//! `(|)` are true and false (RFC 4526).

/// What is wrong in a query, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("Column {column}: {message}")]
pub struct QueryFault {
    /// In characters, from 1.
    pub column: usize,
    /// A sentence.
    pub message: String,
}

/// Deeper filters are refused: a directory server refuses them too, and this reads by recursion.
const DEEPEST: usize = 100;

/// The scopes of an LDAP URL.
const SCOPES: [&str; 4] = ["", "base", "one", "sub"];

/// Says what is wrong in a query, or nothing.
///
/// # Errors
/// The first fault.
pub fn check_query(query: &str) -> Result<(), QueryFault> {
    let mut reader = Reader { query, at: 0, depth: 0 };
    let outcome = match query.get(..7) {
        Some(start) if start.eq_ignore_ascii_case("ldap://") => url(&mut reader),
        _ => reader.whole(),
    };
    outcome.map_err(|(at, message)| QueryFault {
        column: query.get(..at).map_or(0, |before| before.chars().count()) + 1,
        message,
    })
}

/// A fault and the byte where it is.
type Fault = (usize, String);

/// `ldap://host:port/base?attributes?scope?filter`; each part from the base on may be missing.
fn url(reader: &mut Reader<'_>) -> Result<(), Fault> {
    let mut at = reader.query.find('?').unwrap_or(reader.query.len());
    let mut parts = reader.query.get(at..).unwrap_or_default().split('?').skip(1);
    at += 1;
    at += parts.next().map_or(0, |attributes| attributes.len() + 1);
    let scope = parts.next().unwrap_or_default();
    if !SCOPES.iter().any(|known| known.eq_ignore_ascii_case(scope)) {
        return Err((at, format!("`{scope}` is no scope of an LDAP URL: base, one or sub.")));
    }
    at += scope.len() + 1;
    // With `%28` for a parenthesis the filter is not read: its columns would be others.
    match parts.next() {
        Some(filter) if !filter.is_empty() && !filter.contains('%') => {
            let behind = at + filter.len();
            let filter = Reader { query: reader.query.get(..behind).unwrap_or_default(), at, depth: 0 };
            { filter }.whole()
        }
        _ => Ok(()),
    }
}

struct Reader<'q> {
    query: &'q str,
    at: usize,
    depth: usize,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        self.query.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn take(&mut self, expected: char) -> bool {
        let found = self.peek() == Some(expected);
        if found {
            self.at += expected.len_utf8();
        }
        found
    }

    fn blanks(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len();
    }

    fn fault<T>(&self, message: impl Into<String>) -> Result<T, Fault> {
        Err((self.at, message.into()))
    }

    fn whole(&mut self) -> Result<(), Fault> {
        self.blanks();
        match self.peek() {
            None => self.fault("The query is empty."),
            Some('(') => {
                self.filter()?;
                match self.peek() {
                    None => Ok(()),
                    Some(')') => self.fault("This `)` closes nothing."),
                    Some('(') => self.fault("Two filters stand side by side: (&…) or (|…) joins them."),
                    Some(_) => self.fault("Nothing may stand behind the filter."),
                }
            }
            Some(_) => {
                self.comparison()?;
                if self.at < self.query.len() { self.fault("This `)` closes nothing.") } else { Ok(()) }
            }
        }
    }

    /// A filter in parentheses, and the blanks behind it.
    fn filter(&mut self) -> Result<(), Fault> {
        let open = self.at;
        if !self.take('(') {
            return self.fault("A filter begins with `(`.");
        }
        self.depth += 1;
        if self.depth > DEEPEST {
            return self.fault(format!("The filter is nested more than {DEEPEST} deep."));
        }
        self.blanks();
        match self.peek() {
            Some('&' | '|') => {
                self.at += 1;
                self.blanks();
                while self.peek() == Some('(') {
                    self.filter()?;
                }
            }
            Some('!') => {
                self.at += 1;
                self.blanks();
                if self.peek() == Some('(') {
                    self.filter()?;
                } else {
                    self.comparison()?;
                }
            }
            Some(')') => return self.fault("There is nothing between `(` and `)`."),
            Some('(') => return self.fault("`&`, `|` or `!` is missing before this `(`."),
            None => return Err((open, "This `(` is not closed.".to_owned())),
            Some(_) => self.comparison()?,
        }
        if !self.take(')') {
            return match self.peek() {
                None => Err((open, "This `(` is not closed.".to_owned())),
                Some(_) => self.fault("Here `(` or `)` is missing."),
            };
        }
        self.depth -= 1;
        self.blanks();
        Ok(())
    }

    /// `attribute=value` and its relatives, up to what closes it.
    fn comparison(&mut self) -> Result<(), Fault> {
        let start = self.at;
        let end =
            self.rest().find(['=', '~', '<', '>', ':', '(', ')']).map_or(self.query.len(), |n| start + n);
        let name = self.query.get(start..end).unwrap_or_default();
        self.attribute(name)?;
        self.at = end;
        let rest = self.rest();
        let (operator, takes_stars) = match rest {
            _ if rest.starts_with(':') => (self.extension(name)?, false),
            _ if rest.starts_with('=') => (1, true),
            _ if ["~=", ">=", "<="].iter().any(|operator| rest.starts_with(operator)) => (2, false),
            _ => {
                let name = name.trim();
                return self.fault(format!("`=`, `~=`, `>=` or `<=` is missing behind `{name}`."));
            }
        };
        if name.is_empty() && !rest.starts_with(':') {
            return self.fault("The name of an attribute is missing here.");
        }
        self.at += operator;
        self.value(takes_stars)
    }

    /// The length of `:dn:1.2.3:=`, where matching is by a rule.
    fn extension(&self, name: &str) -> Result<usize, Fault> {
        let rest = self.rest();
        let Some(end) =
            rest.find(":=").filter(|end| !rest.get(..*end).is_some_and(|s| s.contains(['(', ')', '='])))
        else {
            return self.fault("A matching rule ends with `:=`.");
        };
        let mut words = rest.get(..end).unwrap_or_default().split(':').skip(1);
        let first = words.next();
        let rule =
            if first.is_some_and(|word| word.eq_ignore_ascii_case("dn")) { words.next() } else { first };
        if let Some(rule) = rule {
            self.attribute(rule)?;
        }
        match (rule, words.next()) {
            (_, Some(_)) => self.fault("There is one matching rule at most."),
            (Some(""), _) => self.fault("The name of the matching rule is missing."),
            (None, _) if name.is_empty() => self.fault("An attribute or a matching rule is missing here."),
            _ => Ok(end + 2),
        }
    }

    /// A name as RFC 4512 has it, or a number of dots and digits, and options behind semicolons. Some directories
    /// have an underscore in names. Empty is left to the caller.
    fn attribute(&self, name: &str) -> Result<(), Fault> {
        let wrong = name.char_indices().find(|(_, c)| !c.is_ascii_alphanumeric() && !"-.;_".contains(*c));
        match wrong {
            Some((_, '&' | '|' | '!')) if self.at > 0 => {
                self.fault("`&`, `|` and `!` stand only behind a `(`.")
            }
            Some((at, c)) => {
                let shown = if c == ' ' { "A blank".to_owned() } else { format!("`{c}`") };
                Err((self.at + at, format!("{shown} cannot stand in the name of an attribute.")))
            }
            None => Ok(()),
        }
    }

    fn value(&mut self, takes_stars: bool) -> Result<(), Fault> {
        while let Some(c) = self.peek() {
            match c {
                ')' => return Ok(()),
                '(' => return self.fault("`(` in a value is written \\28."),
                '*' if !takes_stars => {
                    return self.fault("`*` stands only behind `=`; in a value it is \\2a.");
                }
                '\\' => {
                    let digits = self.rest().get(1..3).unwrap_or_default();
                    if digits.len() < 2 || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
                        return self.fault("A `\\` in a value is written \\5c.");
                    }
                    self.at += 3;
                    continue;
                }
                _ => {}
            }
            self.at += c.len_utf8();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_a_query_is_taken() {
        for query in [
            "(title=Manager)",
            "(&(objectCategory=person)(objectClass=user)(!(cn=andy)))",
            "(&(objectCategory=person)(objectClass=user)(!cn=andy))",
            "memberOf=CN= StatusReports,OU=Distribution Lists,DC=northwindtraders,DC=com",
            " ( | (a=b) ( c>=1 ) \n) ",
            "(cn=*)",
            "(cn=a*b**c*)",
            "(cn=)",
            "(cn~=x)(".get(..7).unwrap(),
            "(&)",
            "(userAccountControl:1.2.840.113556.1.4.803:=2)",
            "(cn:caseExactMatch:=Fred)",
            "(cn:=Betty)",
            "(sn:dn:2.4.6.8.10:=Barney)",
            "(o:dn:=Ace)",
            "(:1.2.3:=Wilma)",
            "(:DN:2.4.6.8.10:=Dino)",
            "(o=Parens R Us \\28for all your needs\\29)",
            "(bin=\\00\\00\\00\\04)",
            "(sn=Lučić)",
            "(cn;lang-de=x)",
            "(2.5.4.3=x)",
            "ldap://dc01:389/OU=Staff,DC=contoso,DC=com??sub?(objectClass=user)",
            "LDAP:///DC=x",
            "ldap:///??one",
            "ldap:///???%28cn=x%29",
        ] {
            assert_eq!(check_query(query), Ok(()), "{query}");
        }
    }

    #[test]
    fn each_fault_has_its_column() {
        for (query, column, says) in [
            ("", 1, "empty"),
            ("(cn=joe", 1, "not closed"),
            ("(&(a=b)(c=d)", 1, "not closed"),
            ("(&(a=b)(c=d)))", 14, "closes nothing"),
            ("cn=joe)", 7, "closes nothing"),
            ("(a=b)(c=d)", 6, "side by side"),
            ("(a=b) x", 7, "behind the filter"),
            ("((a=b))", 2, "missing before this `(`"),
            ("()", 2, "nothing between"),
            ("(é=b)", 2, "`é` cannot stand"),
            ("(cn =b)", 4, "A blank cannot"),
            ("(cn)", 4, "missing behind `cn`"),
            ("(cn>b)", 4, "missing behind `cn`"),
            ("(=b)", 2, "name of an attribute"),
            ("(ö=(b)", 2, "cannot stand"),
            ("(cn=(b)", 5, "\\28"),
            ("(cn=\\zz)", 5, "\\5c"),
            ("(cn=CONTOSO\\joe)", 12, "\\5c"),
            ("(cn>=1*)", 7, "only behind `=`"),
            ("(cn:dn=1)", 4, "ends with `:=`"),
            ("(:dn:=1)", 2, "is missing here"),
            ("(a:b:c:=1)", 3, "one matching rule"),
            ("(&a=b)", 3, "`(` or `)` is missing"),
            ("(&(a=b)c=d)", 8, "`(` or `)` is missing"),
            ("(!(a=b)(c=d))", 8, "`(` or `)` is missing"),
            ("ldap:///DC=x??all?(a=b)", 15, "no scope"),
            ("ldap:///DC=x?cn?sub?(a=b", 21, "not closed"),
        ] {
            let fault = check_query(query).expect_err(query);
            assert_eq!(fault.column, column, "{query}: {fault}");
            assert!(fault.message.contains(says) && fault.message.ends_with('.'), "{query}: {fault}");
        }
        assert!(check_query(&"(!".repeat(DEEPEST + 1)).unwrap_err().message.contains("100 deep"));
    }

    /// A filter by the grammar, made at random.
    fn filter() -> impl Strategy<Value = String> {
        let value = "([a-z =é]|\\\\[0-9a-f]{2}){0,5}";
        let item = ("[a-z][a-z0-9-]{0,4}(;[a-z]{1,3})?", "=|~=|>=|<=|:=|:dn:=|:1\\.2:=", value)
            .prop_map(|(name, operator, value)| format!("({name}{operator}{value})"));
        item.prop_recursive(4, 30, 4, |inner| {
            (0..3, proptest::collection::vec(inner, 1..4)).prop_map(|(n, parts)| match n {
                0 => format!("(!{})", parts.first().map_or("", String::as_str)),
                1 => format!("(&{})", parts.concat()),
                _ => format!("(|{})", parts.concat()),
            })
        })
    }

    proptest! {
        #[test]
        fn whatever_the_grammar_makes_is_taken_and_a_lost_parenthesis_is_found(filter in filter(), n: usize) {
            prop_assert_eq!(check_query(&filter), Ok(()));
            let ends: Vec<usize> = filter.match_indices(['(', ')']).map(|(at, _)| at).collect();
            let at = ends.get(n % ends.len()).copied().unwrap_or(0);
            let mut broken = filter.clone();
            broken.remove(at);
            // One comparison needs none, and neither does one behind `!`; but they come in pairs.
            prop_assert!(check_query(&broken).is_err(), "{}", broken);
        }

        #[test]
        fn any_text_is_answered_with_a_column_in_it(text in "([()&|!=*:\\\\a1é ]|ldap://){0,30}") {
            if let Err(fault) = check_query(&text) {
                prop_assert!((1..=text.chars().count() + 1).contains(&fault.column));
            }
        }
    }
}
