import { module } from "@omni/core"

import { ProductTypeDefined, ProductTypes } from "./attributes/model.ts"
import { Categories, CategoryChanged, CategoryMoved, CategoryRemoved } from "./categories/model.ts"
import { moveCategory, orderCategories, removeCategory } from "./categories/operations.ts"
import { Trees } from "./categories/tree.ts"
import { SlugOwners } from "./content/model.ts"
import { loadOperations } from "./import/load.ts"
import { namingOperations } from "./named.ts"
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
import { archiveProduct, archiveVariant, deleteProduct, deleteVariant } from "./products/retire.ts"
import { category, shelfQueries } from "./queries/categories.ts"
import { channelQueries } from "./queries/channel.ts"
import { listPrices, priceList, priceLists, priceQueries, variantPrices } from "./queries/prices.ts"
import { bySku, choices, deleted, product, productType, productTypes, variant } from "./queries/products.ts"
import { relatedQueries } from "./queries/related.ts"
import { upSellQueries } from "./queries/up-sell.ts"
import { Relations, RelationsChanged } from "./relations/model.ts"
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
      ...namingOperations(settings),
      ...loadOperations(settings),
      archiveProduct,
      archiveVariant,
      deleteProduct,
      deleteVariant,
      moveCategory,
      orderCategories,
      removeCategory,
      setPrices,
      adjustPrices
    },
    queries: {
      product,
      variant,
      bySku,
      choices,
      deleted,
      productType,
      productTypes,
      category,
      priceList,
      priceLists,
      listPrices,
      variantPrices,
      ...shelfQueries(settings),
      ...relatedQueries(settings),
      ...channelQueries(settings),
      ...priceQueries(settings),
      ...upSellQueries(settings)
    }
  })
}
