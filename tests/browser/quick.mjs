// The tests that `make test` runs, in one process.

import './flows.mjs';
import './languages.mjs';
