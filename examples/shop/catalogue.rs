//! What the shop sells.

use std::fmt;

/// A tea on the shelf.
#[derive(Debug)]
pub(crate) struct Product {
    /// The name in addresses, forms and the stylesheet.
    pub(crate) slug: &'static str,
    /// The name for people.
    pub(crate) name: &'static str,
    /// Where it comes from.
    pub(crate) origin: &'static str,
    /// What it is like.
    pub(crate) taste: &'static str,
    pub(crate) grams: u16,
    pub(crate) price: Price,
}

/// An amount of money, in cents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Price(pub(crate) u64);

impl Price {
    pub(crate) fn times(self, quantity: u32) -> Self {
        Self(self.0.saturating_mul(u64::from(quantity)))
    }
}

impl std::iter::Sum for Price {
    fn sum<I: Iterator<Item = Self>>(prices: I) -> Self {
        Self(prices.fold(0, |sum, Self(cents)| sum.saturating_add(cents)))
    }
}

impl fmt::Display for Price {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(cents) = self;
        write!(f, "€{}.{:02}", cents / 100, cents % 100)
    }
}

/// The product of this slug, if there is one.
pub(crate) fn find(slug: &str) -> Option<&'static Product> {
    PRODUCTS.iter().find(|product| product.slug == slug)
}

const fn tea(
    (slug, name): (&'static str, &'static str),
    origin: &'static str,
    taste: &'static str,
    (grams, cents): (u16, u64),
) -> Product {
    Product { slug, name, origin, taste, grams, price: Price(cents) }
}

pub(crate) static PRODUCTS: [Product; 8] = [
    tea(
        ("darjeeling", "Darjeeling First Flush"),
        "Margaret’s Hope, India",
        "Spring picking. Muscatel grape, green almond, a brisk finish.",
        (100, 1_490),
    ),
    tea(
        ("sencha", "Sencha Asatsuyu"),
        "Kagoshima, Japan",
        "Deep-steamed and sweet. Fresh peas, seaweed, spring meadow.",
        (100, 1_850),
    ),
    tea(
        ("earl-grey", "Earl Grey & Cornflower"),
        "Dimbula, Ceylon",
        "High-grown black tea. Cold-pressed bergamot from Calabria.",
        (125, 1_120),
    ),
    tea(
        ("lapsang", "Lapsang Souchong"),
        "Wuyi Mountains, China",
        "Dried over pine fires. Campfire, tar, dark honey.",
        (100, 1_380),
    ),
    tea(
        ("white-peony", "White Peony"),
        "Fuding, China",
        "Two leaves and a bud. Hay, melon, very little of anything else.",
        (50, 1_240),
    ),
    tea(
        ("oolong", "Tieguanyin Oolong"),
        "Anxi, China",
        "Lightly roasted. Orchid, cream, toasted grain. Steep it six times.",
        (75, 1_675),
    ),
    tea(
        ("puerh", "Ripe Pu-erh, 2014"),
        "Menghai, China",
        "Ten years in the cellar. Wet earth, cocoa, no bitterness at all.",
        (100, 2_100),
    ),
    tea(
        ("rooibos", "Rooibos"),
        "Cederberg, South Africa",
        "For the evening. Vanilla, baked apple, no caffeine.",
        (125, 790),
    ),
];
