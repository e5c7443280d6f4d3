// web-ifc: open a model and stream the meshes of everything in it. `node web_ifc.mjs MODEL` prints counts as JSON.
import { readFileSync } from 'node:fs'
import * as WebIFC from 'web-ifc'

const api = new WebIFC.IfcAPI()
await api.Init()
const model = api.OpenModel(new Uint8Array(readFileSync(process.argv[2])))
let products = 0
let triangles = 0
api.StreamAllMeshes(model, (mesh) => {
  products += 1
  for (let n = 0; n < mesh.geometries.size(); n += 1) {
    const geometry = api.GetGeometry(model, mesh.geometries.get(n).geometryExpressID)
    const indices = api.GetIndexArray(geometry.GetIndexData(), geometry.GetIndexDataSize())
    api.GetVertexArray(geometry.GetVertexData(), geometry.GetVertexDataSize())
    triangles += indices.length / 3
    geometry.delete()
  }
})
console.log(JSON.stringify({ products, triangles, bytes: 0 }))
process.exit(0)
