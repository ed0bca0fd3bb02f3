//! Where everything stands: the screen cut into areas.
//!
//! Kept here and not in `ui` because the state machine needs it too: how far a page is, what a click meant.

/// A rectangle of cells.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Area {
    /// Left column.
    pub x: u16,
    /// Top row.
    pub y: u16,
    /// Columns.
    pub width: u16,
    /// Rows.
    pub height: u16,
}

impl Area {
    /// An area from its corner and size.
    pub const fn new(x: u16, y: u16, width: u16, height: u16) -> Area {
        Area { x, y, width, height }
    }

    /// Whether the cell lies inside.
    pub const fn contains(self, x: u16, y: u16) -> bool {
        x >= self.x
            && y >= self.y
            && x < self.x.saturating_add(self.width)
            && y < self.y.saturating_add(self.height)
    }

    /// No cell at all.
    pub const fn is_empty(self) -> bool {
        self.width == 0 || self.height == 0
    }
}

/// The three panes of the main screen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Pane {
    /// The store as a tree.
    #[default]
    Tree,
    /// The property sheet of the selected object.
    Details,
    /// The findings.
    Problems,
}

/// Below this many columns one pane is shown at a time.
pub const WIDE: u16 = 100;
/// Below this the screen only says that it is too small (columns, rows).
pub const SMALLEST: (u16, u16) = (40, 10);
/// Rows of the problems pane when it shares the screen.
const PROBLEM_ROWS: u16 = 3;

/// The areas of the main screen. What is not shown is empty.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Layout {
    /// The whole screen.
    pub screen: Area,
    /// First line: program, file, changes, problems.
    pub title: Area,
    /// Second line: where the selection is.
    pub path: Area,
    /// The one frame around the panes; empty in plain mode.
    pub frame: Area,
    /// Inside of the tree pane.
    pub tree: Area,
    /// Top of the details pane: what is shown, of what kind, where.
    pub head: Area,
    /// The lines of the details pane.
    pub details: Area,
    /// Inside of the problems pane.
    pub problems: Area,
    /// What filters the tree, while something does; above the status line.
    pub filter: Area,
    /// Last line but one: messages, position.
    pub status: Area,
    /// Last line: the keys that matter.
    pub keys: Area,
    /// Column of the line between tree and details, if both are shown.
    pub divider_x: Option<u16>,
    /// Row of the line above the problems, if they share the screen.
    pub divider_y: Option<u16>,
    /// Nothing fits.
    pub too_small: bool,
}

/// What decides how the screen is cut, besides its size.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Wishes {
    /// The pane to show where only one has room.
    pub focus: Pane,
    /// No frame.
    pub plain: bool,
    /// A line says what filters the tree.
    pub has_filter: bool,
    /// Columns of the tree where the user has moved the divider.
    pub tree_width: Option<u16>,
}

/// Fewest columns that the divider leaves on either side of it.
const NARROWEST: u16 = 20;

/// Cuts a screen of `width` × `height` cells.
pub fn layout(width: u16, height: u16, wishes: Wishes) -> Layout {
    let Wishes { focus, plain, has_filter, tree_width } = wishes;
    let mut cut = Layout { screen: Area::new(0, 0, width, height), ..Layout::default() };
    if width < SMALLEST.0 || height < SMALLEST.1 {
        cut.too_small = true;
        return cut;
    }
    cut.title = Area::new(0, 0, width, 1);
    cut.path = Area::new(0, 1, width, 1);
    cut.status = Area::new(0, height.saturating_sub(2), width, 1);
    cut.keys = Area::new(0, height.saturating_sub(1), width, 1);
    let filter_rows = u16::from(has_filter);
    cut.filter = Area::new(0, height.saturating_sub(3), width, filter_rows);
    let body = Area::new(0, 2, width, height.saturating_sub(4).saturating_sub(filter_rows));
    if plain {
        *pane_area(&mut cut, focus) = body;
        return with_head(cut);
    }
    cut.frame = body;
    let inside = Area::new(1, 3, width.saturating_sub(2), body.height.saturating_sub(2));
    if width < WIDE {
        *pane_area(&mut cut, focus) = inside;
        return with_head(cut);
    }
    let upper = if inside.height >= PROBLEM_ROWS.saturating_mul(4) {
        let upper = inside.height.saturating_sub(PROBLEM_ROWS).saturating_sub(1);
        let row = inside.y.saturating_add(upper);
        cut.divider_y = Some(row);
        cut.problems = Area::new(inside.x, row.saturating_add(1), inside.width, PROBLEM_ROWS);
        upper
    } else {
        inside.height
    };
    // The tree needs room for names and counts, the details for names beside SIDs: three eighths and the rest.
    let left = tree_width.map_or((inside.width / 8).saturating_mul(3).clamp(34, 64), |wanted| {
        wanted.clamp(NARROWEST, inside.width.saturating_sub(NARROWEST).saturating_sub(1))
    });
    cut.tree = Area::new(inside.x, inside.y, left, upper);
    let divider = inside.x.saturating_add(left);
    cut.divider_x = Some(divider);
    cut.details = Area::new(
        divider.saturating_add(1),
        inside.y,
        inside.width.saturating_sub(left).saturating_sub(1),
        upper,
    );
    if focus == Pane::Problems && cut.problems.is_empty() {
        // Wide but low: the problems take the room of the panes while they have the focus.
        cut.tree = Area::default();
        cut.details = Area::default();
        cut.divider_x = None;
        cut.problems = inside;
    }
    with_head(cut)
}

/// Cuts the head off the details: two lines and a blank one, or one line where there is little room.
fn with_head(mut cut: Layout) -> Layout {
    let area = cut.details;
    if area.height < 4 {
        return cut;
    }
    let (head, gap) = if area.height < 12 { (1, 0) } else { (2, 1) };
    let taken = head + gap;
    cut.head = Area::new(area.x, area.y, area.width, head);
    cut.details =
        Area::new(area.x, area.y.saturating_add(taken), area.width, area.height.saturating_sub(taken));
    cut
}

fn pane_area(cut: &mut Layout, pane: Pane) -> &mut Area {
    match pane {
        Pane::Tree => &mut cut.tree,
        Pane::Details => &mut cut.details,
        Pane::Problems => &mut cut.problems,
    }
}

/// The areas of the access view, which has the whole screen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AccessLayout {
    /// The frame around all of it; empty in plain mode.
    pub frame: Area,
    /// Two lines: who or what, and where.
    pub about: Area,
    /// One line: the columns.
    pub columns: Area,
    /// The list or matrix.
    pub list: Area,
    /// Cells at the start of each of its lines that name the line.
    pub heading: u16,
    /// The line between list and way.
    pub divider: Area,
    /// The way behind what is selected: its answer, then its lines.
    pub path: Area,
    /// The keys.
    pub keys: Area,
    /// The list to choose from, or the changes on offer, when they lie over it: frame included.
    pub over: Area,
    /// Lines of that which are a list.
    pub over_lines: u16,
}

/// Cuts the screen for the access view.
pub fn access(width: u16, height: u16, plain: bool) -> AccessLayout {
    let whole = Area::new(0, 0, width, height);
    let (frame, x, y, width, height) = if plain {
        (Area::default(), 0_u16, 1_u16, width, height.saturating_sub(1))
    } else {
        (whole, 2, 1, width.saturating_sub(4), height.saturating_sub(2))
    };
    let rows = |from: u16, rows: u16| Area::new(x, y.saturating_add(from), width, rows);
    // What explains a cell takes lines from the list only where there are some to spare.
    let path = if height >= 32 {
        9
    } else if height >= 18 {
        6
    } else {
        2
    };
    let list = height.saturating_sub(path).saturating_sub(5);
    let over = dialog(
        (whole.width, whole.height),
        whole.width.saturating_sub(4).min(110),
        whole.height.saturating_sub(4),
    );
    AccessLayout {
        frame,
        about: rows(0, 2),
        columns: rows(2, 1),
        list: rows(3, list),
        heading: (width / 5).saturating_mul(2).min(56),
        divider: rows(list.saturating_add(3), 1),
        path: rows(list.saturating_add(4), path),
        keys: rows(height.saturating_sub(1), 1),
        over,
        over_lines: over.height.saturating_sub(5),
    }
}

/// The area of a dialog that wants `width` × `height` cells, frame included: in the middle, never beyond the screen.
pub fn dialog(screen: (u16, u16), width: u16, height: u16) -> Area {
    let width = width.min(screen.0);
    let height = height.min(screen.1);
    Area::new(screen.0.saturating_sub(width) / 2, screen.1.saturating_sub(height) / 2, width, height)
}

/// The area of a dialog of this size that opens near a cell: beside it, and never beyond the screen.
pub fn dialog_at(screen: (u16, u16), width: u16, height: u16, (x, y): (u16, u16)) -> Area {
    let (width, height) = (width.min(screen.0), height.min(screen.1));
    let x = x.saturating_add(1).min(screen.0.saturating_sub(width));
    let y = y.saturating_add(1).min(screen.1.saturating_sub(height));
    Area::new(x, y, width, height)
}

/// Moves a list's first visible line so that `selected` is among the `height` lines shown.
pub fn scroll_to(top: usize, selected: usize, height: usize) -> usize {
    if height == 0 {
        return selected;
    }
    if selected < top {
        selected
    } else if selected >= top.saturating_add(height) {
        selected.saturating_add(1).saturating_sub(height)
    } else {
        top
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn areas_never_leave_the_screen_nor_overlap() {
        for width in (0..200).step_by(3) {
            for height in 0..60 {
                for focus in [Pane::Tree, Pane::Details, Pane::Problems] {
                    for bits in 0..8u8 {
                        let (plain, has_filter) = (bits & 1 != 0, bits & 2 != 0);
                        let tree_width = (bits & 4 != 0).then_some(width / 2);
                        let wishes = Wishes { focus, plain, has_filter, tree_width };
                        let cut = layout(width, height, wishes);
                        let all = [
                            cut.title,
                            cut.path,
                            cut.tree,
                            cut.head,
                            cut.details,
                            cut.problems,
                            cut.filter,
                            cut.status,
                            cut.keys,
                        ];
                        for (index, a) in all.iter().enumerate() {
                            assert!(
                                a.x + a.width <= width && a.y + a.height <= height,
                                "{width}x{height} {a:?}"
                            );
                            for b in all.iter().skip(index + 1) {
                                let apart = a.is_empty()
                                    || b.is_empty()
                                    || a.x + a.width <= b.x
                                    || b.x + b.width <= a.x
                                    || a.y + a.height <= b.y
                                    || b.y + b.height <= a.y;
                                assert!(apart, "{width}x{height}: {a:?} and {b:?}");
                            }
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn the_focused_pane_is_always_shown() {
        for (width, height) in [(40, 10), (80, 24), (99, 50), (100, 12), (100, 28), (160, 50)] {
            for has_filter in [false, true] {
                let cut = |focus| layout(width, height, Wishes { focus, has_filter, ..Wishes::default() });
                assert!(!cut(Pane::Tree).tree.is_empty());
                assert!(!cut(Pane::Details).details.is_empty());
                assert!(!cut(Pane::Problems).problems.is_empty());
            }
        }
    }

    #[test]
    fn a_moved_divider_leaves_room_on_both_sides() {
        for wanted in [0, 1, 30, 60, 99, 1000] {
            let cut = layout(120, 40, Wishes { tree_width: Some(wanted), ..Wishes::default() });
            assert!(cut.tree.width >= NARROWEST && cut.details.width >= NARROWEST, "{wanted}: {cut:?}");
            assert_eq!(cut.divider_x, Some(cut.tree.x + cut.tree.width));
        }
    }

    #[test]
    fn scrolling_moves_no_further_than_it_must() {
        assert_eq!(scroll_to(0, 5, 10), 0);
        assert_eq!(scroll_to(0, 10, 10), 1);
        assert_eq!(scroll_to(8, 3, 10), 3);
        assert_eq!(scroll_to(8, 8, 0), 8);
    }
}
