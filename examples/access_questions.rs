//! What questions about access cost in the editor once a store is open: milliseconds for each, the median of several
//! and the most. On Linux of processor time, so that the machine's other work is not in it.
//!
//! ```text
//! access_questions FILE
//! ```

use std::time::Instant;

use azedit::app::input::keys;
use azedit::app::{App, HostEvent, Input, OpenedFile, update};

/// Each question as keys, with what goes before it unmeasured; the view is open on the matrix of members.
const QUESTIONS: [(&str, &str, &str); 8] = [
    ("one account, every operation, its own level", "", "Enter"),
    ("one account, every operation, in a scope", "Enter", "s \"0042\" Enter"),
    ("one operation, everybody, the application's own level", "", "2 \"100\" Enter"),
    ("one operation, everybody, in a scope", "2 \"100\" Enter", "s \"0042\" Enter"),
    ("a page of members by scopes", "End", "PgUp"),
    ("a page of definitions by operations", "3 End", "PgUp"),
    ("an account by a part of its SID", "w", "\"-4711\""),
    ("what would grant an operation", "Enter s \"0042\" Enter End", "g"),
];

fn press(app: &mut App, sequence: &str) -> Result<(), Box<dyn std::error::Error>> {
    for input in keys(sequence)? {
        update(app, input);
    }
    Ok(())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args_os().nth(1).ok_or("usage: access_questions FILE")?;
    let mut app = App::new();
    update(&mut app, Input::Resize { width: 120, height: 40 });
    let file =
        OpenedFile { path: None, content: std::fs::read(path)?.into(), read_only: None, recovery: None };
    update(&mut app, Input::Host(HostEvent::Opened(file)));
    press(&mut app, "Home Down Down")?;
    let begin = Instant::now();
    let now = || {
        let spent = std::fs::read_to_string("/proc/self/schedstat").ok();
        let nanoseconds = spent.and_then(|text| text.split(' ').next()?.parse::<f64>().ok());
        nanoseconds.map_or_else(|| begin.elapsed().as_secs_f64() * 1e3, |spent| spent / 1e6)
    };
    let time = |app: &mut App, sequence: &str| -> Result<f64, Box<dyn std::error::Error>> {
        let start = now();
        press(app, sequence)?;
        Ok(now() - start)
    };
    let mut figures: Vec<(&str, Vec<f64>)> = vec![("opening the view", Vec::new())];
    figures.extend(QUESTIONS.iter().map(|(what, ..)| (*what, Vec::new())));
    for _ in 0..5 {
        for (number, (_, before, question)) in QUESTIONS.iter().enumerate() {
            let opened = time(&mut app, "W")?;
            press(&mut app, before)?;
            let asked = time(&mut app, question)?;
            if let Some((_, times)) = figures.first_mut() {
                times.push(opened);
            }
            if let Some((_, times)) = figures.get_mut(number + 1) {
                times.push(asked);
            }
            // Out of whatever is open.
            press(&mut app, "Esc Esc Esc Esc Home Down Down")?;
        }
    }
    for (what, mut times) in figures {
        times.sort_by(f64::total_cmp);
        let median = times.get(times.len() / 2).copied().unwrap_or_default();
        let most = times.last().copied().unwrap_or_default();
        let line = format!("{median:9.2} ms  most {most:9.2} ms  {what}\n");
        std::io::Write::write_all(&mut std::io::stdout(), line.as_bytes())?;
    }
    Ok(())
}
