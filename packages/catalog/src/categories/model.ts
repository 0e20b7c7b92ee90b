import { collection, event, Id } from "@omni/core"
import * as z from "zod"

import { ChannelContent, Media, Slugs, Text } from "../content/model.ts"
import { recordOf } from "../record.ts"

/** A shelf of the shop: what it is called and what is said of it. Where it stands is the tree's to say. */
export const Category = z
  .object({
    // The tree keeps children by their parent's id, and JSON's readers lose a key of that name.
    id: Id.refine((id) => id !== "__proto__", { error: "Any id but this one" }),
    name: Text,
    description: Text.exactOptional(),
    slugs: Slugs.exactOptional(),
    media: z.array(Media).max(100).readonly().exactOptional(),
    /** What is different on single channels; `hidden` ones are left out of the tree there, with all below them. */
    channels: recordOf(Id, ChannelContent).exactOptional()
  })
  .readonly()
export type Category = z.infer<typeof Category>

/** Categories by id. */
export const Categories = collection("catalog.categories", { schema: Category })

/** A category is there, or says something else now. Subject: the category. `fields` as in `ProductChanged`. */
export const CategoryChanged = event(
  "catalog.CategoryChanged",
  z.object({ category: Id, change: z.enum(["created", "updated"]), fields: z.array(z.string()).readonly() })
)

/** A category stands elsewhere, with all below it. Subject: the category. `path` is the way to it from the top. */
export const CategoryMoved = event(
  "catalog.CategoryMoved",
  z.object({ category: Id, from: Id.exactOptional(), to: Id.exactOptional(), path: z.array(Id).readonly() })
)

/** A category is gone. Its products stay. Subject: the category. */
export const CategoryRemoved = event("catalog.CategoryRemoved", z.object({ category: Id }))
