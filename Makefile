# Every target is one script below tools/. The first Python of 3.11 or newer that runs is taken; PYTHON=… takes another.
PYTHON ?= $(or $(firstword $(foreach p,python3 python3.13 python3.12 python3.11 python3.14,$(shell $(p) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(p)))),$(error Python 3.11 or newer is needed))

.PHONY: demo serve test test-matrix docs sanity units integration lint

demo:
	@$(PYTHON) tools/demo.py

serve:
	@$(PYTHON) tools/serve.py

test:
	@$(PYTHON) tools/check.py

test-matrix:
	@$(PYTHON) tools/check.py --matrix

docs:
	@$(PYTHON) tools/environment.py tools/docs.py

# While developing: one stage on the newest ansible-core, TARGET= picks some of it, LINE=2.19 another ansible-core.
sanity units integration:
	@$(PYTHON) tools/check.py --stage $@ $(if $(LINE),--line $(LINE)) $(TARGET)

lint:
	@$(PYTHON) tools/check.py --stage mypy --stage ansible-lint --stage changelog --stage documentation --stage generated
