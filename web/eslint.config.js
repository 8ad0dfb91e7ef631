// One flat configuration for all workspaces. Layout of the code is prettier's business; this looks for mistakes.
import js from '@eslint/js'
import prettier from 'eslint-config-prettier'
import vue from 'eslint-plugin-vue'
import globals from 'globals'
import ts from 'typescript-eslint'

const uiOnly = {
  paths: ['element-plus', '@element-plus/icons-vue'].map((name) => ({
    name,
    message: 'Only packages/ui imports the component library.',
  })),
  patterns: [{ group: ['element-plus/*'], message: 'Only packages/ui imports the component library.' }],
}

export default ts.config(
  {
    ignores: [
      '**/dist/**',
      '**/dev-dist/**',
      '**/node_modules/**',
      '**/test-results/**',
      '**/*.gen.ts',
      'packages/engine/**/*.js',
    ],
  },
  js.configs.recommended,
  ...ts.configs.strict,
  ...vue.configs['flat/recommended'],
  {
    languageOptions: { globals: { ...globals.browser, ...globals.node } },
    rules: {
      'no-restricted-imports': ['error', uiOnly],
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-console': ['error', { allow: ['warn', 'error'] }],
      'no-undef': 'off', // vue-tsc knows better
    },
  },
  {
    files: ['**/*.vue'],
    languageOptions: { parserOptions: { parser: ts.parser } },
    rules: {
      'vue/block-lang': ['error', { script: { lang: 'ts' } }],
      'vue/component-api-style': ['error', ['script-setup']],
      'vue/multi-word-component-names': 'off',
      'vue/require-default-prop': 'off',
      'vue/no-v-html': 'error',
    },
  },
  { files: ['packages/ui/**'], rules: { 'no-restricted-imports': 'off' } },
  // Scripts run by hand or by tests may print.
  { files: ['**/*.mjs', '**/e2e/**'], rules: { 'no-console': 'off' } },
  prettier,
)
