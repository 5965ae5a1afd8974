# 熟客 Shuke. Two commands matter: make demo, make test. Everything they need goes into .venv, build and node_modules here.
.DEFAULT_GOAL := setup
.PHONY: setup setup-test demo test checks bench proof lock upgrade clean help

SERVE ?= 1
JOBS ?= auto
BIN := .venv/bin
# The first Python on the path that is new enough; `make PYTHON=/path/to/python3` names another.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && command -v "$$p" && break; done)
CHECK_PYTHON = "$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	{ echo "需要 Python 3.11 或更新版本 · Shuke needs Python 3.11 or newer: install it, then run make again" >&2; exit 1; }

setup: ## 准备环境 · set up .venv (then .venv/bin/shuke is the command)
	@$(CHECK_PYTHON)
	@"$(PYTHON)" tools/bootstrap.py

demo: setup ## 造一家示例连锁店、跑完一周、打开控制台 · demo retailer, its week, the console (SERVE=0: all but serve)
	@$(BIN)/shuke demo --folder var/demo $(if $(filter 0 no false,$(SERVE)),--no-serve)

setup-test:
	@$(CHECK_PYTHON)
	@"$(PYTHON)" tools/bootstrap.py test

checks: setup-test ## 风格、类型、房间依赖 · style, types, the street
	@echo "[1/4] ruff check"; $(BIN)/ruff check .
	@echo "[2/4] ruff format --check"; $(BIN)/ruff format --check .
	@echo "[3/4] mypy --strict"; $(BIN)/mypy
	@echo "[4/4] lint-imports"; $(BIN)/lint-imports

test: checks ## 全部检查与测试 · all checks and tests
	@$(BIN)/pytest -n $(JOBS) --maxprocesses 4 --dist loadfile

bench: setup-test ## 基准测试：下限、实测、比值 · benchmarks: floor, figure, ratio (ONLY=name, SIZE=small|full)
	@$(BIN)/python -m bench $(if $(ONLY),--only $(ONLY)) --size $(or $(SIZE),full)

proof: setup-test ## 用公开数据完整验证 · the full run on real public data
	@$(BIN)/pytest -n $(JOBS) --maxprocesses 4 --dist loadfile -m "real_data or slow or proof" -rs

lock: setup ## 按 pyproject.toml 更新锁文件 · renew the locks from pyproject.toml and package.json
	@"$(PYTHON)" tools/lock.py

upgrade: setup ## 升级到允许的最新版本并更新锁 · renew the locks with the newest versions allowed
	@"$(PYTHON)" tools/lock.py --upgrade

clean: ## 删除环境与生成文件，不动数据 · remove what set-up made; data in var/ stays
	rm -rf .venv build node_modules shuke/server/static/vendor .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find shuke tests tools bench -name __pycache__ -type d -prune -exec rm -rf {} +
	find shuke -name '*.mo' -delete

help: ## 这张清单 · this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1|/' | column -t -s'|' 2>/dev/null || grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST)
