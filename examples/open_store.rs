//! The yardstick of the figures about access: open a store, and nothing else.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args_os().nth(1).ok_or("usage: open_store FILE")?;
    let store = azedit::store::Store::open(std::fs::read(path)?)?;
    // As every command ends: the system takes the memory back.
    std::mem::forget(store);
    Ok(())
}
