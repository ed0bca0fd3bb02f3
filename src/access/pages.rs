//! A sorted set that is large, changes little, and is asked which number something has.
//!
//! It lies in pages that copies of the set share. Adding one element costs a copy of its page and a number for each page;
//! a clone costs the list of pages. So one thread can show what another state of the set was.

use std::sync::Arc;

/// Elements of a full page. A page that gets twice as many is cut in two.
const PAGE: usize = 2048;

/// See the [module](self).
#[derive(Clone, Debug)]
pub(super) struct Pages<T> {
    /// None is empty.
    pages: Vec<Arc<Vec<T>>>,
    /// The number of each page's first element, and how many elements there are.
    first: Vec<usize>,
}

impl<T: Ord + Copy> Pages<T> {
    /// The set of these elements.
    pub(super) fn of(mut elements: Vec<T>) -> Pages<T> {
        elements.sort_unstable();
        elements.dedup();
        let pages = elements.chunks(PAGE).map(|page| Arc::new(page.to_vec())).collect();
        let mut set = Pages { pages, first: Vec::new() };
        set.count(0);
        set
    }

    /// Counts the elements from this page on.
    fn count(&mut self, from: usize) {
        self.first.truncate(from);
        let mut number = match from.checked_sub(1) {
            Some(before) => self.first[before] + self.pages[before].len(),
            None => 0,
        };
        for page in &self.pages[from..] {
            self.first.push(number);
            number += page.len();
        }
        self.first.push(number);
    }

    /// How many elements there are.
    pub(super) fn len(&self) -> usize {
        self.first.last().copied().unwrap_or(0)
    }

    /// The element with this number, in order.
    pub(super) fn get(&self, number: usize) -> Option<T> {
        let page = self.first.partition_point(|first| *first <= number).checked_sub(1)?;
        self.pages.get(page)?.get(number - self.first[page]).copied()
    }

    /// The page and the place in it where the first element is, or would be, that is not before.
    fn place(&self, is_before: impl Fn(&T) -> bool) -> (usize, usize) {
        let page = self.pages.partition_point(|page| page.last().is_some_and(&is_before));
        (page, self.pages.get(page).map_or(0, |page| page.partition_point(is_before)))
    }

    /// How many elements are before; they are the first ones.
    pub(super) fn rank(&self, is_before: impl Fn(&T) -> bool) -> usize {
        let (page, at) = self.place(is_before);
        self.first.get(page).map_or(0, |first| first + at)
    }

    /// The element's number.
    pub(super) fn number(&self, element: &T) -> Option<usize> {
        let number = self.rank(|other| other < element);
        (self.get(number).as_ref() == Some(element)).then_some(number)
    }

    /// All elements, in order.
    pub(super) fn all(&self) -> impl Iterator<Item = T> + '_ {
        self.pages.iter().flat_map(|page| page.iter()).copied()
    }

    /// The elements that are not before, in order.
    pub(super) fn from(&self, is_before: impl Fn(&T) -> bool) -> impl Iterator<Item = T> + '_ {
        let (page, at) = self.place(is_before);
        self.pages.iter().skip(page).flat_map(|page| page.iter()).skip(at).copied()
    }

    /// Puts an element in, or takes it out.
    pub(super) fn set(&mut self, element: T, is_in: bool) {
        let (mut page, mut at) = self.place(|other| *other < element);
        let is_there = self.pages.get(page).and_then(|page| page.get(at)) == Some(&element);
        if is_there == is_in {
            return;
        }
        if is_in && page == self.pages.len() {
            // Behind the last page's last.
            match page.checked_sub(1) {
                Some(last) => (page, at) = (last, self.pages[last].len()),
                None => self.pages.push(Arc::default()),
            }
        }
        let elements = Arc::make_mut(&mut self.pages[page]);
        if is_in {
            elements.insert(at, element);
        } else {
            elements.remove(at);
        }
        if elements.is_empty() {
            self.pages.remove(page);
        } else if elements.len() >= 2 * PAGE {
            let rest = elements.split_off(PAGE);
            self.pages.insert(page + 1, Arc::new(rest));
        }
        self.count(page);
    }

    /// Makes another of every element; their order must stay.
    pub(super) fn replace(&mut self, each: impl Fn(&mut T)) {
        self.pages.iter_mut().for_each(|page| Arc::make_mut(page).iter_mut().for_each(&each));
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn it_is_a_sorted_set_whatever_comes_and_goes() {
        let mut seed = 7_u64;
        let mut random = || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            u32::try_from(seed >> 33).unwrap() % 20_000
        };
        let mut plain: BTreeSet<u32> = (0..9_000).map(|_| random()).collect();
        let mut set = Pages::of(plain.iter().rev().copied().chain([3, 3]).collect());
        plain.insert(3);
        let before = (set.clone(), plain.clone());
        for round in 0..30_000 {
            // More come than go, and then all go.
            let (element, is_in) =
                if round < 20_000 { (random(), random() % 3 > 0) } else { (random(), false) };
            set.set(element, is_in);
            if is_in {
                plain.insert(element)
            } else {
                plain.remove(&element)
            };
            if round % 1_000 == 0 {
                assert!(set.all().eq(plain.iter().copied()));
                assert_eq!(set.len(), plain.len());
                let asked = random();
                let rank = plain.range(..asked).count();
                assert_eq!(set.rank(|other| *other < asked), rank);
                assert_eq!(set.number(&asked), plain.contains(&asked).then_some(rank));
                assert_eq!(set.get(rank), plain.range(asked..).next().copied());
                assert!(set.from(|other| *other < asked).eq(plain.range(asked..).copied()));
            }
        }
        for element in plain {
            set.set(element, false);
        }
        assert_eq!((set.len(), set.get(0), set.all().next()), (0, None, None));
        set.set(5, true);
        assert_eq!((set.len(), set.get(0)), (1, Some(5)));
        set.replace(|element| *element += 1);
        assert_eq!(set.number(&6), Some(0));
        assert!(before.0.all().eq(before.1), "a clone stays as it was");
    }
}
