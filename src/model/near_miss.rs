//! Paths that are nearly those of settings: a letter lost, a single underscore. Magento ignores them silently.

use super::name::Name;

/// How many letters may differ.
const MOST: usize = 2;

/// A shorter path says too little.
const SHORTEST: usize = 16;

/// A path that Magento does not know, and the one that it is nearly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NearMiss {
    /// The path as it is written, in lower case.
    pub written: Name,
    /// The path of the setting that was meant.
    pub meant: &'static str,
}

/// The only known path that a path is nearly. Where two are as near, nobody knows which one was meant.
#[must_use]
pub fn near_miss(path: &str, known: impl Iterator<Item = &'static str>) -> Option<NearMiss> {
    if path.len() < SHORTEST {
        return None;
    }
    let mut nearest: Option<(usize, &'static str)> = None;
    let mut is_tied = false;
    for meant in known.filter(|meant| can_be_near(path.as_bytes(), meant.as_bytes())) {
        let Some(distance) = distance(path.as_bytes(), meant.as_bytes()) else { continue };
        is_tied = nearest.is_some_and(|(least, _)| least == distance);
        if nearest.is_none_or(|(least, _)| distance < least) {
            nearest = Some((distance, meant));
        }
    }
    let (_, meant) = nearest.filter(|&(distance, _)| distance > 0 && !is_tied)?;
    Some(NearMiss { written: Name::of(path)?, meant })
}

/// Whether the lengths are near, and the starts or the ends the same: of almost all pairs neither is.
fn can_be_near(one: &[u8], other: &[u8]) -> bool {
    one.len().abs_diff(other.len()) <= MOST
        && (one.get(..4) == other.get(..4)
            || one.iter().rev().take(4).eq(other.iter().rev().take(4)))
}

/// How many letters are to be put in, taken out, changed or swapped with their neighbour; none for more than [`MOST`].
fn distance(one: &[u8], other: &[u8]) -> Option<usize> {
    let mut before_that: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=other.len()).collect();
    for (row, &letter) in one.iter().enumerate() {
        let mut this = Vec::with_capacity(above.len());
        this.push(row + 1);
        for (column, &there) in other.iter().enumerate() {
            let of = |line: &[usize], at: usize| line.get(at).copied().unwrap_or(usize::MAX / 2);
            let changed = of(&above, column) + usize::from(letter != there);
            let least = changed.min(of(&above, column + 1) + 1).min(of(&this, column) + 1);
            let is_swapped = row > 0
                && column > 0
                && one.get(row - 1) == Some(&there)
                && other.get(column - 1) == Some(&letter);
            let swapped = if is_swapped { of(&before_that, column - 1) + 1 } else { least };
            this.push(least.min(swapped));
        }
        if this.iter().all(|&distance| distance > MOST) {
            return None;
        }
        before_that = std::mem::replace(&mut above, this);
    }
    above.last().copied().filter(|&distance| distance <= MOST)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: [&str; 4] = [
        "magento_saas/environment",
        "services_connector/services_id/environment",
        "services_connector/services_id/environment_id",
        "services_connector/services_id/project_id",
    ];

    fn meant(path: &str) -> Option<&'static str> {
        near_miss(path, KNOWN.into_iter()).map(|miss| miss.meant)
    }

    #[test]
    fn a_slip_is_near_and_another_setting_is_not() {
        for path in [
            "services_connector_services_id/project_id",
            "services_conector/services_id/project_id",
            "services_connector/services_id/porject_id",
            "services_connector/services_id/projectid",
        ] {
            assert_eq!(meant(path), Some("services_connector/services_id/project_id"), "{path}");
        }
        assert_eq!(meant("services_connector/services_id/enviroment_id"), Some(KNOWN[2]));
        for path in [
            "services_connector/services_id/project_name",
            "services_connector/services_id/vertical",
            "services_id/project_id",
            "payment/other/active",
            "magento_sales/orders",
        ] {
            assert_eq!(meant(path), None, "{path}");
        }
    }
}
