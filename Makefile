# Every target is one script below tools/. The first Python of 3.11 or newer that runs is taken; PYTHON=… takes another.
PYTHON ?= $(or $(firstword $(foreach p,python3 python3.13 python3.12 python3.11 python3.14,$(shell $(p) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(p)))),$(error Python 3.11 or newer is needed))
JOBS ?= 2

.PHONY: demo serve test test-matrix docs sanity units integration both molecule runner site lint format figures bench

demo:
	@$(PYTHON) tools/demo.py

serve:
	@$(PYTHON) tools/serve.py

# --- tests: stage/NAME or stage/NAME/LINE is one stage; make runs JOBS of them at a time, the long ones first ----------

ifneq (,$(filter test test-matrix,$(MAKECMDGOALS)))
LINES := $(shell $(PYTHON) tools/check.py --lines)
endif
ENDS = $(firstword $(LINES)) $(lastword $(LINES))
LINT := format mypy ansible-lint changelog documentation distribution generated
.PHONY: $(LINT)
# Two sanity stages wait for each other, so all but one of them come last.
on = $(addprefix units/,$(1)) sanity/$(firstword $(2)) $(LINT) $(addprefix sanity/,$(wordlist 2,9,$(2)))

# On the newest line tasks run in the worker, on the oldest as modules. The stage both compares the two.
test: STAGES = $(addprefix integration/,$(ENDS)) both/$(firstword $(ENDS)) $(call on,$(ENDS),$(firstword $(ENDS)))
test: export OPTIONS = --quick
test-matrix: STAGES = $(addprefix both/,$(LINES)) $(call on,$(LINES),$(LINES)) molecule runner site
lint: STAGES = $(LINT)
ifneq (,$(filter test test-matrix lint,$(MAKECMDGOALS)))
export LOGS := $(shell mktemp -d)
endif

test test-matrix lint:
	@$(MAKE) --no-print-directory -j$(JOBS) $(addprefix stage/,$(STAGES))
	@$(PYTHON) tools/check.py --total $(LOGS)

stage/%:
	@$(PYTHON) tools/check.py --logs $(LOGS) $(OPTIONS) $(addprefix --line ,$(word 2,$(subst /, ,$*))) $(firstword $(subst /, ,$*))

# While developing: one stage on the newest ansible-core, TARGET= picks some of it, LINE=2.19 or devel another one,
# PATH_OF_TASKS=module runs the tasks of integration targets as modules. both compares the two.
sanity units integration both molecule runner site mypy ansible-lint changelog documentation distribution generated:
	@$(PYTHON) tools/check.py $(addprefix --line ,$(LINE)) $(addprefix --path ,$(PATH_OF_TASKS)) $@ $(TARGET)

# --- text --------------------------------------------------------------------------------------------------------------

docs:
	@$(PYTHON) tools/environment.py tools/results.py
	@$(PYTHON) tools/environment.py tools/docs.py
	@$(PYTHON) tools/site_pages.py

format:
	@$(PYTHON) tools/environment.py ruff format plugins tools tests

figures:
	@$(PYTHON) tools/figures.py

# What it costs, beside its goals: ONLY=name,… takes some of the table, SIZE=n another number of users.
bench:
	@ONLY="$(ONLY)" SIZE="$(SIZE)" $(PYTHON) tools/bench.py
