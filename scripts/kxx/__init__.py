# SPDX-License-Identifier: GPL-2.0
"""Modules that the programs in scripts/ share"""
