import type { Texts } from '../texts'
import type { stage as chinese } from '../zh/stage'

/** Texts of the 3D stage and its tools in English. */
export const stage: Texts<typeof chinese> = {
  layers: { title: 'Layers', layers: 'Layers', tree: 'Objects' },
  group: {
    terrain: 'Terrain',
    base: 'Ground',
    building: 'Buildings',
    underground: 'Underground',
    neighbour: 'Neighbours',
    scheme: 'Schemes',
    submission: 'Submissions',
  },
  tree: { empty: 'No objects yet', emptyHint: 'Park, buildings, storeys and elements are listed here once a layer is published.' },
  storeys: { label: 'Storeys', building: 'Building', storey: 'Storey', all: 'All storeys' },
  tools: { label: 'Tools', picture: 'Picture', export: 'Export', cut: 'Cut at {{height}} m' },
  command: {
    fit: 'Fit',
    hide: 'Hide',
    isolate: 'Isolate',
    xray: 'X-ray',
    section: 'Section',
    measure: 'Measure',
    walk: 'Walk',
    showAll: 'Show all',
  },
  menu: { fly: 'Fly here', isolate: 'Isolate', hide: 'Hide', xray: 'X-ray', copyId: 'Copy id', properties: 'Properties', export: 'Export' },
  help: {
    title: 'Shortcuts',
    keys: 'Shortcuts',
    storeys: 'Open that storey',
    search: 'Search',
    leave: 'Leave',
    severalKeys: 'Ctrl / Shift + click',
    several: 'Choose several',
    rightClick: 'Right click',
    menu: 'Menu of the object',
  },
  search: { label: 'Search objects', placeholder: 'Name, tag or id ( / )', nothing: 'Nothing found for “{{text}}”' },
  stage: {
    label: '3D scene',
    loading: 'Loading the model, {{count}} parts left',
    failed: 'The 3D scene could not be opened',
  },
  sun: {
    label: 'Sun',
    greatCold: 'Great Cold',
    winterSolstice: 'Winter solstice',
    summerSolstice: 'Summer solstice',
    hour: 'Hour (UTC+8)',
    play: 'Play the day',
    pause: 'Pause',
  },
}
