//! What can happen to a cart. Pure functions, since the session replays them when two tabs meet.

use crate::catalogue::{self, Price, Product};
use crate::session::Item;

/// One product in the cart, with what the catalogue says about it.
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) product: &'static Product,
    pub(crate) quantity: u32,
}

impl Line {
    pub(crate) fn price(&self) -> Price {
        self.product.price.times(self.quantity)
    }
}

/// Adds one; `false` if there are enough already.
pub(crate) fn add(cart: &mut Vec<Item>, product: &Product) -> bool {
    match cart.iter_mut().find(|item| item.product == product.slug) {
        Some(item) if item.quantity >= MOST_OF_ONE => return false,
        Some(item) => item.quantity += 1,
        None => cart.push(Item { product: product.slug.to_owned(), quantity: 1 }),
    }
    true
}

/// Takes one out; nothing there is fine.
pub(crate) fn remove_one(cart: &mut Vec<Item>, product: &Product) {
    if let Some(item) = cart.iter_mut().find(|item| item.product == product.slug) {
        item.quantity = item.quantity.saturating_sub(1);
    }
    cart.retain(|item| item.quantity > 0);
}

/// The cart as it is shown. What the shop no longer sells is left out.
pub(crate) fn lines(cart: &[Item]) -> Vec<Line> {
    let line = |item: &Item| {
        let product = catalogue::find(&item.product)?;
        Some(Line { product, quantity: item.quantity })
    };
    cart.iter().filter_map(line).collect()
}

/// How many things are in the cart.
pub(crate) fn count(cart: &[Item]) -> u32 {
    let quantities = lines(cart).into_iter().map(|line| line.quantity);
    quantities.fold(0, u32::saturating_add)
}

const MOST_OF_ONE: u32 = 99;

#[cfg(test)]
mod tests {
    use super::*;

    fn product(slug: &str) -> &'static Product {
        catalogue::find(slug).unwrap()
    }

    #[test]
    fn one_product_takes_one_line_and_leaves_with_its_last_piece() {
        let mut cart = Vec::new();
        assert!(add(&mut cart, product("sencha")));
        assert!(add(&mut cart, product("rooibos")));
        assert!(add(&mut cart, product("sencha")));
        assert_eq!((cart.len(), count(&cart)), (2, 3));
        remove_one(&mut cart, product("rooibos"));
        remove_one(&mut cart, product("rooibos"));
        assert_eq!((cart.len(), count(&cart)), (1, 2));
    }

    #[test]
    fn nobody_buys_more_than_99_of_one_product() {
        let mut cart = Vec::new();
        let added = (0..200).filter(|_| add(&mut cart, product("puerh"))).count();
        assert_eq!((added, count(&cart)), (99, 99));
    }

    #[test]
    fn what_is_no_longer_sold_costs_nothing() {
        let mut cart = vec![Item { product: "gone".to_owned(), quantity: 3 }];
        add(&mut cart, product("lapsang"));
        let total: Price = lines(&cart).iter().map(Line::price).sum();
        assert_eq!(total.to_string(), "€13.80");
    }
}
