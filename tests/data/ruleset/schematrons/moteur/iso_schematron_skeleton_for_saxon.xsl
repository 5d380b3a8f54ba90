<?xml version="1.0" encoding="UTF-8"?>
<!-- The frame of the last step, written for the tests: a mode a pattern; in each, the first rule that matches. -->
<xsl:stylesheet version="2.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:x="urn:generated"
                xmlns:sch="http://purl.oclc.org/dsdl/schematron" xmlns:svrl="http://purl.oclc.org/dsdl/svrl">
  <xsl:output method="xml"/>
  <xsl:namespace-alias stylesheet-prefix="x" result-prefix="xsl"/>
  <xsl:template match="sch:schema">
    <xsl:variable name="phase" select="sch:phase[@id = current()/@defaultPhase]"/>
    <xsl:variable name="active" select="sch:pattern[not($phase) or @id = $phase/sch:active/@pattern]"/>
    <x:stylesheet version="2.0">
      <xsl:for-each select="sch:ns"><xsl:namespace name="{@prefix}" select="@uri"/></xsl:for-each>
      <xsl:for-each select="sch:let | $active/sch:let"><x:variable name="{@name}" select="{@value}"/></xsl:for-each>
      <x:template match="/">
        <svrl:schematron-output>
          <xsl:for-each select="$active">
            <svrl:active-pattern>
              <xsl:if test="@id"><xsl:attribute name="id" select="@id"/></xsl:if>
            </svrl:active-pattern>
            <x:apply-templates select="/" mode="{generate-id()}"/>
          </xsl:for-each>
        </svrl:schematron-output>
      </x:template>
      <xsl:apply-templates select="$active"/>
      <x:template match="*" mode="place">
        <x:for-each select="ancestor-or-self::*">
          <x:text>/</x:text>
          <x:value-of select="name()"/>
          <x:variable name="before" select="count(preceding-sibling::*[name() = name(current())])"/>
          <x:if test="$before != 0">[<x:value-of select="$before + 1"/>]</x:if>
        </x:for-each>
      </x:template>
    </x:stylesheet>
  </xsl:template>
  <xsl:template match="sch:pattern">
    <xsl:variable name="mode" select="generate-id()"/>
    <xsl:for-each select="sch:rule[not(@abstract = 'true')]">
      <x:template match="{@context}" mode="{$mode}" priority="{1000 - position()}">
        <svrl:fired-rule context="{@context}"/>
        <xsl:apply-templates select="*"/>
        <x:apply-templates select="*" mode="{$mode}"/>
      </x:template>
    </xsl:for-each>
    <x:template match="text()" mode="{$mode}"/>
  </xsl:template>
  <xsl:template match="sch:extends">
    <xsl:apply-templates select="//sch:rule[@abstract = 'true'][@id = current()/@rule]/*"/>
  </xsl:template>
  <xsl:template match="sch:let"><x:variable name="{@name}" select="{@value}"/></xsl:template>
  <xsl:template match="sch:assert">
    <x:if test="not({@test})"><xsl:call-template name="said"><xsl:with-param name="tag" select="'failed-assert'"/></xsl:call-template></x:if>
  </xsl:template>
  <xsl:template match="sch:report">
    <x:if test="{@test}"><xsl:call-template name="said"><xsl:with-param name="tag" select="'successful-report'"/></xsl:call-template></x:if>
  </xsl:template>
  <xsl:template name="said"/>
</xsl:stylesheet>
