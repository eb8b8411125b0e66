# 钦南区安全生产改革任务督办平台：常用命令。说明见 README.md。
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup setup-test run test check fix bench drill crash lock

help: ## 列出全部命令
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 20

setup: ## 准备运行环境（.venv 和系统组件）
	@scripts/setup.sh run

setup-test: ## 准备测试环境（含 PostgreSQL、Redis、浏览器）
	@scripts/setup.sh test

run: setup ## 启动平台：http://127.0.0.1:8000（DEMO=0 不带演示数据，PORT=… 换端口）
	@scripts/run.sh

test: setup-test ## 静态检查和全部测试（SQLite、PostgreSQL、Redis、浏览器）
	@scripts/test.sh

check: setup-test ## 只做静态检查
	@scripts/check.sh

fix: setup-test ## 自动整理代码格式
	@.venv/bin/ruff check --fix . ; .venv/bin/ruff format .

bench: setup-test ## 性能测量
	@scripts/bench.sh

drill: setup-test ## 提醒演练：杀进程、清队列、拨时钟
	@scripts/drill.sh

crash: setup-test ## 断电断线演练：64 个客户端交 10000 份，其间杀网站、重启数据库
	@scripts/crash.sh

lock: ## 按 requirements*.in 重新锁定依赖版本
	@scripts/lock.sh
