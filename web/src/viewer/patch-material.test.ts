import { LineBasicMaterial, MeshBasicMaterial, MeshDepthMaterial, MeshLambertMaterial, ShaderLib } from 'three'
import type { WebGLProgramParametersWithUniforms } from 'three'
import { describe, expect, it } from 'vitest'
import { patchMaterial } from './patch-material'
import { createSharedUniforms } from './shared-uniforms'

/** The patches find their places in the shaders of the pinned three.js: a new version that moves them fails here. */
describe('patchMaterial', () => {
  const shared = createSharedUniforms()
  const cases = [
    ['solid', new MeshLambertMaterial(), ShaderLib.lambert],
    ['ground', new MeshLambertMaterial(), ShaderLib.lambert],
    ['glass', new MeshLambertMaterial(), ShaderLib.lambert],
    ['edge', new LineBasicMaterial(), ShaderLib.basic],
    ['depth', new MeshDepthMaterial(), ShaderLib.depth],
    ['mask', new MeshBasicMaterial(), ShaderLib.basic],
  ] as const
  for (const [role, material, lib] of cases)
    it(`fits ${role}`, () => {
      patchMaterial(material, role, shared)
      const shader = { uniforms: {}, vertexShader: lib.vertexShader, fragmentShader: lib.fragmentShader } as WebGLProgramParametersWithUniforms
      material.onBeforeCompile(shader, null as never)
      expect(shader.vertexShader).toContain('texelFetch( uState')
      expect(shader.uniforms.uState).toBe(shared.uState)
      expect(material.customProgramCacheKey()).toBe(`park-${role}`)
    })
})
