//! Moving: within a pane, between panes, up and down the tree.

use crate::store::{LeafId, ObjId};

use super::doc::Doc;
use super::layout::Pane;
use super::node::Node;
use super::state::App;

/// Lines that the focused pane shows.
pub fn page_height(app: &App) -> usize {
    let cut = app.layout();
    let area = match app.focus {
        Pane::Tree => cut.tree,
        Pane::Details => cut.details,
        Pane::Problems => cut.problems,
    };
    usize::from(area.height)
}

fn by(app: &mut App, distance: isize) {
    let focus = app.focus;
    let Some(doc) = app.doc_mut() else { return };
    match focus {
        Pane::Tree => doc.tree.step(distance),
        Pane::Details => doc.sheet.step(distance),
        Pane::Problems => {
            let last = doc.problems.count.saturating_sub(1);
            doc.problems.selected = doc.problems.selected.saturating_add_signed(distance).min(last);
        }
    }
}

/// One line up (`-1`) or down.
pub fn step(app: &mut App, distance: isize) {
    by(app, distance);
}

/// One page up (`-1`) or down; the last line of one page is the first of the next.
pub fn page(app: &mut App, direction: isize) {
    let height = isize::try_from(page_height(app)).unwrap_or(1).saturating_sub(1).max(1);
    by(app, direction.saturating_mul(height));
}

/// To the first or last line.
pub fn to_end(app: &mut App, last: bool) {
    let focus = app.focus;
    let Some(doc) = app.doc_mut() else { return };
    match focus {
        Pane::Tree => doc.tree.select(if last { usize::MAX } else { 0 }),
        Pane::Details => doc.sheet.to_end(last),
        Pane::Problems => doc.problems.selected = if last { doc.problems.count.saturating_sub(1) } else { 0 },
    }
}

/// Unfolds; on what is unfolded already, to its first child; on what cannot unfold, into the details.
pub fn right(app: &mut App) {
    if app.focus != Pane::Tree {
        return;
    }
    let Some(doc) = app.doc_mut() else { return };
    let Doc { tree, session, .. } = doc;
    let folds = tree.rows().get(tree.selected()).is_some_and(|row| row.foldable);
    if !folds {
        app.focus = Pane::Details;
    } else if !tree.unfold(session.store()) {
        let depth = |tree: &super::tree::Tree, index: usize| tree.rows().get(index).map(|row| row.depth);
        let here = tree.selected();
        if depth(tree, here.saturating_add(1)) > depth(tree, here) {
            tree.step(1);
        }
    }
}

/// Folds; on what is folded, to its parent; from the details, to the tree.
pub fn left(app: &mut App) {
    match app.focus {
        Pane::Details => app.focus = Pane::Tree,
        Pane::Problems => {}
        Pane::Tree => {
            let Some(doc) = app.doc_mut() else { return };
            let Doc { tree, session, .. } = doc;
            if !tree.fold(session.store()) {
                tree.to_parent();
            }
        }
    }
}

/// To what the selection is in.
pub fn parent(app: &mut App) {
    if app.focus == Pane::Tree {
        if let Some(doc) = app.doc_mut() {
            doc.tree.to_parent();
        }
    } else {
        app.focus = Pane::Tree;
    }
}

/// One step back: marked lines are unmarked, then from a pane to the tree; there what is marked is
/// unmarked, then the search ends, then the filter goes.
pub fn back(app: &mut App) {
    app.message = None;
    let pane = app.focus;
    let App { docs, current, hunt, .. } = app;
    let Some(doc) = docs.get_mut(*current) else { return };
    match pane {
        Pane::Details if doc.marked.clear_lines() => {}
        Pane::Tree if doc.marked.clear_objects() || hunt.take().is_some() => {}
        Pane::Tree => doc.clear_filter(),
        Pane::Details | Pane::Problems => app.focus = Pane::Tree,
    }
}

/// Goes to an object, or to a line of its details, and keeps the way back.
pub fn go(app: &mut App, object: ObjId, leaf: Option<LeafId>) {
    let Some(doc) = app.doc_mut() else { return };
    doc.jump(object, leaf);
    if leaf.is_some() {
        app.focus = Pane::Details;
    }
}

/// The same for a row of the tree that is no object.
pub fn jump(app: &mut App, node: Node) {
    let Some(doc) = app.doc_mut() else { return };
    let here = doc.node();
    let Doc { tree, session, trail, .. } = doc;
    tree.reveal_node(session.store(), node);
    if tree.node() != Some(here) {
        trail.leave(here);
    }
    app.focus = Pane::Tree;
}

/// Back to where the selection was before it jumped, or forward again.
pub fn along_trail(app: &mut App, forward: bool) {
    let Some(doc) = app.doc_mut() else { return };
    let here = doc.node();
    let Doc { tree, session, trail, .. } = doc;
    let store = session.store();
    match trail.step(here, forward, |place| store.is_live(place.object)) {
        Some(place) => {
            tree.reveal_node(store, place);
            app.focus = Pane::Tree;
        }
        None if forward => app.object("Nothing to go forward to."),
        None => app.object("Nowhere to go back to: nothing has jumped yet."),
    }
}

/// Round the panes.
pub fn next_pane(app: &mut App, forward: bool) {
    app.focus = match (app.focus, forward) {
        (Pane::Tree, true) | (Pane::Problems, false) => Pane::Details,
        (Pane::Details, true) | (Pane::Tree, false) => Pane::Problems,
        (Pane::Problems, true) | (Pane::Details, false) => Pane::Tree,
    };
}
