/** Who may import whom inside src: screens → panels | tools → viewer; the viewer and the widget know no screen and no React. */
const forbid = (name, comment, from, to) => ({ name, comment, severity: 'error', from: { path: from }, to: { path: to } })

module.exports = {
  forbidden: [
    { name: 'no-cycle', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    forbid('viewer-stands-alone', 'Give the viewer core what it needs through its options.', '^src/viewer/', '^src/(?!viewer/)'),
    forbid('widget-uses-the-viewer-only', 'The widget uses the viewer core and the live frames only.', '^src/embed/', '^src/(?!embed/|viewer/|live/(frame|types)\\.ts)'),
    forbid('live-client-stands-alone', 'The live client is for other pages too.', '^src/live/(?!.*\\.test\\.ts$)', '(^src/(?!live/))|node_modules/'),
    forbid('panels-and-tools-below-screens', 'screens → panels | tools → viewer.', '^src/(panels|tools)/', '^src/(screens|app)/'),
    forbid('api-knows-no-screen', 'The API client knows no screen.', '^src/api/', '^src/(screens|panels|tools|app)/'),
    forbid(
      'core-is-framework-free',
      'The viewer core and the widget are framework-free.',
      '^src/(viewer|embed|live)/',
      'node_modules/(react|react-dom|react-i18next|antd|@ant-design|i18next|echarts|uplot)/',
    ),
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true, pathNot: '\\?(raw|url|worker|inline)$' } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { extensions: ['.ts', '.tsx', '.js', '.json', '.css'], exportsFields: ['exports'], conditionNames: ['import', 'browser', 'default', 'types'] },
  },
}
