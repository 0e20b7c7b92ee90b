/** Keeps an index up until it is killed: `node indexer.ts <file> <url> <schema>`. */
import { postgresSearch } from "@omni/search-postgres"
import { sqlite } from "@omni/storage-sqlite"

import { openShop } from "../shop.ts"

const [file = "", url = "", schema = ""] = process.argv.slice(2)
const { finder } = openShop(sqlite(file), postgresSearch(url, { schema }))
finder.run()
process.stdout.write("running\n")
