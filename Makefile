# Every target sets up what it needs; `make` alone lists the targets.
SHELL := /bin/sh
VENV ?= .venv
BIN := $(VENV)/bin
SIZE ?= S
PORT ?= 8000
.DEFAULT_GOAL := help
.PHONY: help setup setup-dev demo serve test test-fast check format bench docs docs-check lock clean

help: ## list the targets / 列出全部命令
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{printf "%-18s %s\n", $$1, $$2}'

setup: ## virtual environment and pinned dependencies / 准备运行环境
	@VENV='$(VENV)' sh scripts/setup.sh run

setup-dev: ## the same with the tools for tests and checks / 准备开发环境
	@VENV='$(VENV)' sh scripts/setup.sh dev

demo: setup ## sample cluster, plan, certificate, report (SIZE=S, M or L) / 示例：生成、排产、核验、报告
	@PATH="$(CURDIR)/$(BIN):$$PATH" bash scripts/demo.sh '$(SIZE)'

serve: setup ## the hub in the browser with the sample (PORT=8000) / 启动网络平台（含样例）
	@$(BIN)/cordwainer hub serve --demo --port '$(PORT)'

test: setup-dev ## every test / 运行全部测试
	@BIN='$(BIN)' bash scripts/test.sh

test-fast: setup-dev ## tests that need neither minutes nor a browser / 快速测试
	@$(BIN)/python -m pytest -n 2 -m "not slow and not browser"

check: setup-dev ## format, lint, strict types, import contract, licences, security, repository rules / 全部静态检查
	@BIN='$(BIN)' sh scripts/check.sh

format: setup-dev ## format the sources / 整理代码格式
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix --quiet .

bench: setup-dev ## benchmark table (NAMES=..., SIZE=..., GAP=folder) / 基准测试
	@$(BIN)/python -m benchmarks $(NAMES) $(if $(filter command line environment,$(origin SIZE)),--size '$(SIZE)') $(if $(GAP),--gap '$(GAP)')

docs: setup-dev ## write the generated documentation anew / 重新生成文档
	@BIN='$(BIN)' sh scripts/docs.sh write

docs-check: setup-dev ## fail when generated documentation is out of date / 检查文档是否最新
	@BIN='$(BIN)' sh scripts/docs.sh check

lock: setup-dev ## resolve the dependency locks anew / 重新锁定依赖
	@BIN='$(BIN)' sh scripts/lock.sh

clean: ## remove the environment, caches and demo output / 清理
	rm -rf '$(VENV)' build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .benchmarks demo-S demo-M demo-L
	find src tests benchmarks scripts -name __pycache__ -type d -prune -exec rm -rf {} +
