import { module } from "@omni/core"

import { defineProductType } from "./attributes/define.ts"
import { ProductTypeDefined, ProductTypes } from "./attributes/model.ts"
import { Categories, CategoryChanged, CategoryMoved, CategoryRemoved } from "./categories/model.ts"
import { moveCategory, orderCategories, putCategory, removeCategory } from "./categories/operations.ts"
import { Trees } from "./categories/tree.ts"
import { SlugOwners } from "./content/model.ts"
import { loadProducts } from "./import/load.ts"
import { putPriceList } from "./prices/lists.ts"
import { BasePriceHistories, ListScopes, PriceListChanged, PriceLists, Prices, PricesChanged } from "./prices/model.ts"
import { adjustPrices, setPrices } from "./prices/set.ts"
import {
  Codes,
  Combinations,
  Deleted,
  ProductChanged,
  ProductDeleted,
  Products,
  Siblings,
  VariantChanged,
  VariantDeleted,
  Variants
} from "./products/model.ts"
import { putProduct, putVariant } from "./products/put.ts"
import { archiveProduct, archiveVariant, deleteProduct, deleteVariant } from "./products/retire.ts"
import { category, categoryTree, list } from "./queries/categories.ts"
import { channelQueries } from "./queries/channel.ts"
import { listPrices, priceList, priceLists, priceQueries, variantPrices } from "./queries/prices.ts"
import { bySku, choices, deleted, product, productType, productTypes, related, variant } from "./queries/products.ts"
import { upSellQueries } from "./queries/up-sell.ts"
import { Relations, RelationsChanged } from "./relations/model.ts"
import { relate } from "./relations/relate.ts"
import { type CatalogOptions, settingsOf } from "./settings.ts"

/** The catalog: what is sold, by which names and codes, on which channels, at which prices, and what goes with it. */
export const catalog = (options: CatalogOptions = {}) => {
  const settings = settingsOf(options)
  return module("catalog", {
    collections: [
      Products,
      Variants,
      Codes,
      Siblings,
      Combinations,
      Deleted,
      ProductTypes,
      Categories,
      Trees,
      SlugOwners,
      Relations,
      PriceLists,
      ListScopes,
      Prices,
      BasePriceHistories
    ],
    events: [
      ProductChanged,
      ProductDeleted,
      VariantChanged,
      VariantDeleted,
      ProductTypeDefined,
      CategoryChanged,
      CategoryMoved,
      CategoryRemoved,
      RelationsChanged,
      PriceListChanged,
      PricesChanged
    ],
    operations: {
      putProduct,
      putVariant,
      archiveProduct,
      archiveVariant,
      deleteProduct,
      deleteVariant,
      defineProductType,
      putCategory,
      moveCategory,
      orderCategories,
      removeCategory,
      relate,
      putPriceList,
      setPrices,
      adjustPrices,
      loadProducts
    },
    queries: {
      product,
      variant,
      bySku,
      choices,
      deleted,
      productType,
      productTypes,
      list,
      category,
      categoryTree,
      related,
      priceList,
      priceLists,
      listPrices,
      variantPrices,
      ...channelQueries(settings),
      ...priceQueries(settings),
      ...upSellQueries(settings)
    }
  })
}
