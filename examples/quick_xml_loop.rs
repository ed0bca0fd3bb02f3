//! The yardstick of the benchmarks: read a file and ask quick-xml for every event, nothing else.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args_os().nth(1).ok_or("usage: quick_xml_loop FILE")?;
    let bytes = std::fs::read(path)?;
    let mut reader = quick_xml::Reader::from_reader(bytes.as_slice());
    while !matches!(reader.read_event()?, quick_xml::events::Event::Eof) {}
    Ok(())
}
